import type { PlayData, PlayedStep, SideRow } from '../../../answers/session.ts';
import { t, tn } from '../../../base/texts.ts';
import { answerWords } from './answer-words.ts';
import { causeText, differingText, failuresText, stepText } from './divergence.ts';
import { figure, plural } from '../../text/figures.ts';
import { blank, fitLine, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { rankArrow, table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

/** Outcomes by sign and word, never by colour alone. */
const mark = (status: PlayedStep['status'], ascii: boolean) => {
  if (status === null) return span(ascii ? '.' : '·', 'dim');
  if (status === 'pass') return span(`${ascii ? '+' : '✓'} ${t('passed')}`, 'good');
  return status === 'changed' ? span(`~ ${t('differs')}`, 'warn') : span(`${ascii ? 'x' : '✗'} ${t('failed')}`, 'bad');
};

const steps = (data: PlayData, row: number | null, width: number, ascii: boolean): Line[] =>
  table<PlayedStep & { readonly index: number }>(
    [
      { title: t('step'), align: 'right', cell: (s) => `${s.index === row ? (ascii ? '>' : '▸') : ' '}${s.step}` },
      { title: t('outcome'), min: 7, cell: (s) => mark(s.status, ascii) },
      { title: t('command'), cell: (s) => s.command, min: 8 },
      { title: t('expects'), cell: (s) => s.expects.join(' '), drop: 1, max: 16 },
      { title: t('note'), cell: (s) => s.note, flex: 1, min: 6, drop: 2 },
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
    at.failures.length > 0
      ? failuresText(at.failures)
      : at.status === 'changed'
        ? t('The answer differs from the recording; nothing was expected of it.')
        : t('The answer equals the recording.');
  const head = [
    [span(`${stepText(at.step, at.command)}  `, 'bold'), mark(at.status, ascii)],
    ...sentence(says, width),
    ...sentence(t('recorded: {answer}', { answer: answerWords(at.recorded) }), width, 'dim'),
    ...sentence(t('now: {answer}', { answer: answerWords(at.present) }), width, 'dim'),
  ];
  if (at.sides.length === 0) return head;
  return [
    ...head,
    ...table<SideRow>(
      [
        { title: t('moved'), min: 5, cell: (r) => rankArrow(r.recorded, r.present, ascii) },
        { title: t('recorded'), align: 'right', cell: (r) => (r.recorded === null ? '-' : String(r.recorded)) },
        { title: t('now'), align: 'right', cell: (r) => (r.present === null ? '-' : String(r.present)) },
        { title: t('ad'), flex: 1, min: 10, cell: (r) => (r.title === '' ? r.adId : r.title) },
        { title: t('old score'), align: 'right', drop: 2, cell: (r) => scoreAt(at, 'recorded', r.recorded) },
        { title: t('new score'), align: 'right', drop: 1, cell: (r) => scoreAt(at, 'present', r.present) },
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
  const head = [
    ...sentence(
      [
        tn(data.total, '{n} step.', '{n} steps.'),
        differingText(data.differing),
        ...(data.note === '' ? [] : [data.note]),
      ].join(' '),
      width,
      data.differing.length === 0 ? undefined : 'warn',
    ),
    ...(!data.allHold
      ? []
      : data.pinned === 0
        ? sentence(t('{steps} run, no expectation to check.', { steps: plural(data.total, 'step') }), width, 'warn')
        : sentence(t('Every step passed.'), width, 'good')),
    ...(data.cause === null ? [] : sentence(t('Cause: {cause}', { cause: causeText(data.cause) }), width, 'bad')),
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
