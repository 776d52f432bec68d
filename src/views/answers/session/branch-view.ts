import type { BranchData, SideRow } from '../../../answers/session.ts';
import { t } from '../../../base/texts.ts';
import { answerWords } from './answer-words.ts';
import { stepText } from './divergence.ts';
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
    span(`${stepText(step, command)}  `, 'bold'),
    same
      ? span(t('the same'), 'dim')
      : span(
          rows.length > 0
            ? t('{ads} of {total} entered, left or moved', { ads: plural(different.length, 'ad'), total: rows.length })
            : t('the answers differ'),
          'warn',
        ),
  ];
  if (same) return [head];
  if (rows.length === 0)
    return [
      head,
      ...sentence(t('recorded: {answer}', { answer: answerWords(recorded) }), width, 'dim'),
      ...sentence(t('branch: {answer}', { answer: answerWords(branched) }), width, 'dim'),
    ];
  return [
    head,
    ...table<SideRow>(
      [
        { title: t('moved'), min: 5, cell: (r) => rankArrow(r.recorded, r.present, ascii) },
        { title: t('recorded'), align: 'right', cell: (r) => rank(r.recorded) },
        { title: t('branch'), align: 'right', cell: (r) => rank(r.present) },
        { title: t('ad'), flex: 1, min: 10, cell: (r) => (r.title === '' ? r.adId : r.title) },
      ],
      different.slice(0, most),
      width,
    ),
    ...(different.length > most ? sentence(t('… {count} more', { count: different.length - most }), width, 'dim') : []),
  ];
};

/** What was changed, then each step from there on: the recording's answer beside the branch's. */
export const branchView = (data: BranchData, width: number, options: ViewOptions = {}): Line[] =>
  fitLines(
    [
      ...sentence(
        t(
          'Changed at step {step}: {changes}. The steps before it equal the recording byte for byte (sha256 {digest}).',
          { step: data.step, changes: data.changed.join(', '), digest: data.prefix.slice(0, 12) },
        ),
        width,
      ),
      ...(data.written === null ? [] : sentence(t('Written to {path}.', { path: data.written }), width)),
      ...data.sides.flatMap((one) => [blank, ...side(one, width, options.ascii === true)]),
    ],
    width,
  );
