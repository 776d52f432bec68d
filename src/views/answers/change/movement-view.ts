import type { TitledAdMovement, MovementData } from '../../../answers/change.ts';
import { t } from '../../../base/texts.ts';
import { figure, plural } from '../../text/figures.ts';
import { span, type Line, type ViewOptions } from '../../text/line.ts';
import { rankArrow, table } from '../../text/table.ts';
import { and, sentence } from '../../text/sentences.ts';

/** `3 ads in, 3 out, 12 moved, 82 unmoved: RBO .93, Jaccard .94.` */
export const movementSummary = ({ counts, overlap, byChannel }: MovementData): string => {
  const came = byChannel
    .filter((c) => c.entered > 0)
    .map((c) => t('{count} by {channel}', { count: c.entered, channel: c.channel }));
  const summary = t('{ads} in, {out} out, {moved} moved, {unmoved} unmoved: RBO {rbo}, Jaccard {jaccard}.', {
    ads: plural(counts.entered, 'ad'),
    out: counts.left,
    moved: counts.moved,
    unmoved: counts.stayed,
    rbo: figure(overlap.rbo, 3),
    jaccard: figure(overlap.jaccard, 3),
  });
  return came.length === 0 ? summary : `${summary} ${t('Ads in by channel: {channels}.', { channels: and(came) })}`;
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
  if (all.length === 0) return sentence(t('No ad moves: the two lists are the same.'), width, 'bold');
  const more =
    all.length > most ? [[span(t('… {count} more (all with --json)', { count: all.length - most }), 'dim')]] : [];
  return [
    ...head,
    ...table<TitledAdMovement>(
      [
        { title: t('moved'), cell: (m) => rankArrow(m.from, m.to, options.ascii), min: 5 },
        { title: t('rank'), cell: (m) => `${m.from ?? '–'} → ${m.to ?? '–'}` },
        { title: t('ad'), cell: (m) => (m.title === '' ? m.adId : m.title), flex: 1, min: 10 },
        { title: t('score'), align: 'right', cell: (m) => delta(m) },
        { title: t('via'), drop: 1, cell: (m) => m.viaTo ?? m.viaFrom ?? '' },
      ],
      all.slice(0, most),
      width,
    ),
    ...more,
  ];
};
