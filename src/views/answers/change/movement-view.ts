import type { TitledAdMovement, MovementData } from '../../../answers/change.ts';
import { figure, plural } from '../../text/figures.ts';
import { span, type Line, type ViewOptions } from '../../text/line.ts';
import { rankArrow, table } from '../../text/table.ts';
import { and, sentence } from '../../text/sentences.ts';

/** `3 in, 3 out, 12 moved, 82 stay: RBO .93, Jaccard .94` */
export const movementSummary = ({ counts, overlap, byChannel }: MovementData): string => {
  const came = byChannel.filter((c) => c.entered > 0).map((c) => `${c.entered} by ${c.channel}`);
  const from = came.length === 0 ? '' : ` In: ${and(came)}.`;
  return `${plural(counts.entered, 'ad')} in, ${counts.left} out, ${counts.moved} moved, ${counts.stayed} where they were: RBO ${figure(overlap.rbo, 3)}, Jaccard ${figure(overlap.jaccard, 3)}.${from}`;
};

/** The score delta where both scores are of one channel, else that of the modelScore. */
const delta = (m: TitledAdMovement): string =>
  m.from === null
    ? figure(m.scoreTo)
    : m.to === null
      ? figure(m.scoreFrom)
      : figure(m.scoreDelta ?? m.modelDelta, 4, true);

/** Summary and table of what moved: entered, left, then the largest shifts. */
export const movementBlock = (data: MovementData, width: number, options: ViewOptions = {}, most = 30): Line[] => {
  const all = [...data.entered, ...data.left, ...data.moved];
  const head = sentence(movementSummary(data), width, 'bold');
  if (all.length === 0) return sentence('Nothing moves: the two lists are the same.', width, 'bold');
  const more = all.length > most ? [[span(`… ${all.length - most} more (--json has all)`, 'dim')]] : [];
  return [
    ...head,
    ...table<TitledAdMovement>(
      [
        { title: 'moved', cell: (m) => rankArrow(m.from, m.to, options.ascii), min: 5 },
        { title: 'rank', cell: (m) => `${m.from ?? '–'} → ${m.to ?? '–'}` },
        { title: 'ad', cell: (m) => (m.title === '' ? m.adId : m.title), flex: 1, min: 10 },
        { title: 'score', align: 'right', cell: (m) => delta(m) },
        { title: 'via', drop: 1, cell: (m) => m.viaTo ?? m.viaFrom ?? '' },
      ],
      all.slice(0, most),
      width,
    ),
    ...more,
  ];
};
