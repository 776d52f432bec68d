import type { BranchData, SideRow } from '../../../answers/session.ts';
import { answerWords } from './answer-words.ts';
import { plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { rankArrow, table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const rank = (value: number | null): string => (value === null ? '-' : String(value));
/** Of one step: a branch has many, and the first rows say what happened. */
const most = 12;

const side = (
  { step, command, recorded, branched, rows }: BranchData['sides'][number],
  width: number,
  ascii: boolean,
): Line[] => {
  const different = rows.filter((row) => row.recorded !== row.present);
  const same = rows.length > 0 ? different.length === 0 : JSON.stringify(recorded) === JSON.stringify(branched);
  const head: Line = [
    span(`step ${step} ${command}  `, 'bold'),
    same
      ? span('the same', 'dim')
      : span(
          rows.length > 0
            ? `${plural(different.length, 'ad')} of ${rows.length} entered, left or moved`
            : 'another answer',
          'warn',
        ),
  ];
  if (same) return [head];
  if (rows.length === 0)
    return [
      head,
      ...sentence(`recorded: ${answerWords(recorded)}`, width, 'dim'),
      ...sentence(`branch: ${answerWords(branched)}`, width, 'dim'),
    ];
  return [
    head,
    ...table<SideRow>(
      [
        { title: 'moved', min: 5, cell: (r) => rankArrow(r.recorded, r.present, ascii) },
        { title: 'recorded', align: 'right', cell: (r) => rank(r.recorded) },
        { title: 'branch', align: 'right', cell: (r) => rank(r.present) },
        { title: 'ad', flex: 1, min: 10, cell: (r) => (r.title === '' ? r.adId : r.title) },
      ],
      different.slice(0, most),
      width,
    ),
    ...(different.length > most ? sentence(`and ${different.length - most} more`, width, 'dim') : []),
  ];
};

/** What was changed, then each step from there on: the recording's answer beside the branch's. */
export const branchView = (data: BranchData, width: number, options: ViewOptions = {}): Line[] =>
  fitLines(
    [
      ...sentence(
        `changed at step ${data.step}: ${data.changed.join(', ')}. The steps before it are byte for byte those of the recording (sha256 ${data.prefix.slice(0, 12)}).`,
        width,
      ),
      ...(data.written === null ? [] : sentence(`written to ${data.written}`, width)),
      ...data.sides.flatMap((one) => [blank, ...side(one, width, options.ascii === true)]),
    ],
    width,
  );
