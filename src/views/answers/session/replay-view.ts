import type { ReplayData, ReplayRow } from '../../../answers/session.ts';
import { plural } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

type Step = ReplayRow['steps'][number];

const verdict = (row: ReplayRow): Line => {
  if (row.error !== null) return [span('unusable', 'bad')];
  if (row.failed > 0) return [span(`${row.failed} failed`, 'bad')];
  return row.changed > 0
    ? [span(`${row.changed} changed`, 'warn')]
    : row.pinned === 0
      ? [span('nothing pinned', 'warn')]
      : [span('holds', 'good')];
};

const headline = (data: ReplayData): string => {
  const steps = plural(data.passed + data.changed + data.failed, 'step');
  if (data.unusable > 0)
    return `${data.unusable} of ${plural(data.sessions.length, 'session')} unusable; ${data.failed} of ${steps} failed.`;
  if (data.failed > 0) return `${data.failed} of ${steps} no longer ${data.failed === 1 ? 'holds' : 'hold'}.`;
  if (data.pinned === 0)
    return `${steps} ran, nothing is pinned: expect says what an answer must keep${data.changed > 0 ? `; ${data.changed} answered differently` : ''}.`;
  const loose = data.sessions.filter(({ pinned }) => pinned === 0).length;
  return `All ${steps} of ${plural(data.sessions.length, 'session')} hold${data.changed > 0 ? `; ${data.changed} answered differently where nothing was expected` : ''}${loose > 0 ? `; nothing is pinned in ${loose} of them` : ''}.`;
};

const differs = (row: ReplayRow): string =>
  row.error !== null
    ? ''
    : row.differing.length === 0
      ? 'artefacts as recorded'
      : `differs from the recording: ${row.differing.map(({ unit }) => unit).join(', ')}`;

/** Of one session: what differs, the steps that do not hold, and why the first does not. */
const detail = (row: ReplayRow, width: number): Line[] => {
  if (row.error !== null) return [text(row.file, 'bold'), ...sentence(row.error, width)];
  if (row.first === null) return [];
  const open = row.steps.filter(({ status }) => status !== 'pass');
  return [
    text(`${row.file}  (${differs(row)})`, 'bold'),
    ...open.flatMap((step: Step) =>
      sentence(
        `step ${step.step ?? ''} ${step.command ?? ''}: ${(step.failures ?? []).map(({ message }) => message).join('; ') || 'another answer than observed'}`,
        width,
        step.status === 'fail' ? 'bad' : 'warn',
      ),
    ),
    ...sentence(
      `cause of step ${row.first.step}${row.first.cause.proved ? ', proved by running it' : ''}: ${row.first.cause.text}`,
      width,
    ),
  ];
};

/** The verdict on all sessions, one row each, and what does not hold with its cause. */
export const replayView = (data: ReplayData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, data.failed + data.unusable > 0 ? 'bad' : 'bold'),
      ...table(
        [
          { title: 'session', min: 16, flex: 1, cell: (row: ReplayRow) => row.file },
          { title: 'steps', min: 5, align: 'right', cell: (row) => String(row.steps.length) },
          { title: 'outcome', min: 9, cell: verdict },
          {
            title: 'first divergence',
            min: 12,
            flex: 1,
            drop: 1,
            cell: (row) => (row.first === null ? '' : `step ${row.first.step} ${row.first.command}`),
          },
          { title: 'artefacts', min: 10, flex: 1, drop: 2, cell: differs },
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
