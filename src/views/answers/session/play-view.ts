import type { PlayData, PlayedStep, SideRow } from '../../../answers/session.ts';
import { answerWords } from './answer-words.ts';
import { figure, plural } from '../../text/figures.ts';
import { blank, fitLine, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { rankArrow, table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

/** Outcomes by sign and word, never by colour alone. */
const mark = (status: PlayedStep['status'], ascii: boolean) => {
  if (status === null) return span(ascii ? '.' : '·', 'dim');
  if (status === 'pass') return span(`${ascii ? '+' : '✓'} holds`, 'good');
  return status === 'changed' ? span('~ other', 'warn') : span(`${ascii ? 'x' : '✗'} fails`, 'bad');
};

const steps = (data: PlayData, row: number | null, width: number, ascii: boolean): Line[] =>
  table<PlayedStep & { readonly index: number }>(
    [
      { title: 'step', align: 'right', cell: (s) => `${s.index === row ? (ascii ? '>' : '▸') : ' '}${s.step}` },
      { title: 'outcome', min: 7, cell: (s) => mark(s.status, ascii) },
      { title: 'command', cell: (s) => s.command, min: 8 },
      { title: 'pins', cell: (s) => s.expects.join(' '), drop: 1, max: 16 },
      { title: 'note', cell: (s) => s.note, flex: 1, min: 6, drop: 2 },
    ],
    data.rows.map((one, i) => ({ ...one, index: data.from + i })),
    width,
  );

const scoreAt = (data: NonNullable<PlayData['at']>, side: 'recorded' | 'present', rank: number | null): string => {
  const answer = data[side];
  const list = answer === null ? null : answer.kind === 'list' ? answer : answer.kind === 'lists' ? answer.b : null;
  return list === null || rank === null ? '' : figure(list.scores[rank - 1] ?? 0);
};

/** The recorded and the present answer of the step run last, side by side. */
const sides = (at: NonNullable<PlayData['at']>, width: number, ascii: boolean): Line[] => {
  const says =
    at.failures.map(({ message }) => message).join('; ') ||
    (at.status === 'changed' ? 'another answer than observed; nothing was expected' : 'as recorded');
  const head = [
    [span(`step ${at.step} ${at.command}  `, 'bold'), mark(at.status, ascii)],
    ...sentence(says, width),
    ...sentence(`recorded: ${answerWords(at.recorded)}`, width, 'dim'),
    ...sentence(`now: ${answerWords(at.present)}`, width, 'dim'),
  ];
  if (at.sides.length === 0) return head;
  return [
    ...head,
    ...table<SideRow>(
      [
        { title: 'moved', min: 5, cell: (r) => rankArrow(r.recorded, r.present, ascii) },
        { title: 'recorded', align: 'right', cell: (r) => (r.recorded === null ? '-' : String(r.recorded)) },
        { title: 'now', align: 'right', cell: (r) => (r.present === null ? '-' : String(r.present)) },
        { title: 'ad', flex: 1, min: 10, cell: (r) => (r.title === '' ? r.adId : r.title) },
        { title: 'score then', align: 'right', drop: 2, cell: (r) => scoreAt(at, 'recorded', r.recorded) },
        { title: 'now', align: 'right', drop: 1, cell: (r) => scoreAt(at, 'present', r.present) },
      ],
      at.sides.slice(0, 120),
      width,
    ),
  ];
};

/** Header, list of steps and the step run last; beside each other where there is room. `row`: the index under the cursor. */
export const playView = (
  data: PlayData,
  width: number,
  options: ViewOptions = {},
  row: number | null = null,
): Line[] => {
  const ascii = options.ascii === true;
  const differing =
    data.differing.length === 0
      ? 'artefacts as recorded'
      : `differs from the recording: ${data.differing.map(({ unit }) => unit).join(', ')}`;
  const head = [
    ...sentence(
      `${plural(data.total, 'step')}; ${differing}${data.note === '' ? '' : `. ${data.note}`}`,
      width,
      data.differing.length === 0 ? undefined : 'warn',
    ),
    ...(!data.allHold
      ? []
      : data.pinned === 0
        ? sentence(`${plural(data.total, 'step')} ran, nothing is pinned.`, width, 'warn')
        : sentence('Every step holds.', width, 'good')),
    ...(data.cause === null
      ? []
      : sentence(`cause${data.cause.proved ? ', proved by running it' : ''}: ${data.cause.text}`, width, 'bad')),
  ];
  if (data.at === null) return fitLines([...head, ...steps(data, row, width, ascii)], width);
  if (width < 90)
    return fitLines([...head, ...steps(data, row, width, ascii), blank, ...sides(data.at, width, ascii)], width);
  const left = Math.min(56, Math.floor(width * 0.38));
  const [a, b] = [steps(data, row, left, ascii), sides(data.at, width - left - 3, ascii)];
  const both = Array.from({ length: Math.max(a.length, b.length) }, (_, i): Line => [
    ...fitLine(a[i] ?? text(''), left),
    span(ascii ? ' | ' : ' │ ', 'dim'),
    ...(b[i] ?? []),
  ]);
  return fitLines([...head, ...both], width);
};
