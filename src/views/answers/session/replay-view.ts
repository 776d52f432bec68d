import type { ReplayData, ReplayRow } from '../../../answers/session.ts';
import { t, tn } from '../../../base/texts.ts';
import { plural } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';
import { causeLine, differingLine, failuresText, stepText } from './divergence.ts';

type Step = ReplayRow['steps'][number];

const verdict = (row: ReplayRow): Line => {
  if (row.error !== null) return [span(t('unusable'), 'bad')];
  if (row.failed > 0) return [span(t('{n} failed', { n: row.failed }), 'bad')];
  return row.changed > 0
    ? [span(tn(row.changed, '{n} differs', '{n} differ'), 'warn')]
    : row.pinned === 0
      ? [span(t('no expectation'), 'warn')]
      : [span(t('passed'), 'good')];
};

const headline = (data: ReplayData): string => {
  const steps = plural(data.passed + data.changed + data.failed, 'step');
  const sessions = plural(data.sessions.length, 'session');
  if (data.unusable > 0)
    return t('{unusable} of {sessions} unusable; {failed} of {steps} failed.', {
      unusable: data.unusable,
      sessions,
      failed: data.failed,
      steps,
    });
  if (data.failed > 0) return t('{failed} of {steps} failed.', { failed: data.failed, steps });
  const loose = data.sessions.filter(({ pinned }) => pinned === 0).length;
  return [
    data.pinned === 0
      ? t('{steps} run, no expectation to check: pin answers with expect.', { steps })
      : t('{sessions}, {steps}: all passed.', { sessions, steps }),
    ...(data.changed > 0
      ? [
          tn(
            data.changed,
            '{n} answer without an expectation differs from the recording.',
            '{n} answers without an expectation differ from the recording.',
          ),
        ]
      : []),
    ...(data.pinned > 0 && loose > 0
      ? [tn(loose, '{n} session has no expectation.', '{n} sessions have no expectation.')]
      : []),
  ].join(' ');
};

const differs = (row: ReplayRow): string =>
  row.error !== null
    ? ''
    : row.differing.length === 0
      ? t('as recorded')
      : t('{artefacts} differ', { artefacts: row.differing.map(({ unit }) => unit).join(', ') });

/** Of one session: what differs, the steps that do not hold, and why the first does not. */
const detail = (row: ReplayRow, width: number): Line[] => {
  if (row.error !== null) return [text(row.file, 'bold'), ...sentence(row.error, width)];
  if (row.first === null) return [];
  const open = row.steps.filter(({ status }) => status !== 'pass');
  return [
    text(row.file, 'bold'),
    ...differingLine(row.differing, width),
    ...open.flatMap((step: Step) =>
      sentence(
        `${stepText(step.step, step.command)}: ${failuresText(step.failures ?? [])}`,
        width,
        step.status === 'fail' ? 'bad' : 'warn',
      ),
    ),
    ...causeLine(row.first, width),
  ];
};

/** The verdict on all sessions, one row each, and what does not hold with its cause. */
export const replayView = (data: ReplayData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, data.failed + data.unusable > 0 ? 'bad' : 'bold'),
      ...table(
        [
          { title: t('session'), min: 16, flex: 1, cell: (row: ReplayRow) => row.file },
          { title: t('steps'), min: 5, align: 'right', cell: (row) => String(row.steps.length) },
          { title: t('outcome'), min: 9, cell: verdict },
          {
            title: t('first divergence'),
            min: 12,
            flex: 1,
            drop: 1,
            cell: (row) => (row.first === null ? '' : stepText(row.first.step, row.first.command)),
          },
          { title: t('artefacts'), min: 10, flex: 1, drop: 2, cell: differs },
        ],
        data.sessions,
        width,
      ),
      ...data.sessions.flatMap((row) => {
        const lines = detail(row, width);
        return lines.length === 0 ? [] : [blank, ...lines];
      }),
    ],
    width,
    height,
  );
