import type { InitData } from '../../../answers/build.ts';
import { count, instant, plural } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { and, sentence } from '../../text/sentences.ts';

interface FileRow {
  readonly file: string;
  readonly what: string;
  readonly taken: string;
}
interface GuessRow {
  readonly field: string;
  readonly value: string;
  readonly evidence: string;
}
interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
}

const failures = (checks: readonly Check[], width: number): Line[] => {
  const failed = checks.filter((check) => !check.ok);
  if (failed.length === 0) return sentence(`Doctor: ${plural(checks.length, 'check')} passed.`, width, 'good');
  return [
    ...sentence(`Doctor: ${count(failed.length)} of ${plural(checks.length, 'check')} failed.`, width, 'bad'),
    ...failed.flatMap(({ name, expected, found }) =>
      sentence(`${name}: expected ${expected}; found ${found}`, width, 'bad'),
    ),
  ];
};

/** What was found, what each decision rests on, and what comes next. */
export const initView = (data: InitData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(
        `${data.written ? 'Wrote' : 'Proposed, not written:'} ${data.dir}/recall.json, over ${plural(data.counts.users, 'user')}, ${plural(data.counts.ads, 'ad')} and ${plural(data.counts.events, 'event')}.`,
        width,
        'bold',
      ),
      ...table(
        [
          { title: 'file', min: 8, max: 30, cell: (f: FileRow) => f.file },
          { title: 'what it is', min: 10, max: 30, cell: (f) => f.what },
          {
            title: 'taken as',
            min: 10,
            flex: 1,
            cell: (f) => (f.taken.startsWith('left') ? span(f.taken, 'dim') : f.taken),
          },
        ],
        data.files,
        width,
      ),
      blank,
      ...table(
        [
          { title: 'decision', min: 8, max: 20, cell: (g: GuessRow) => g.field },
          { title: 'is', min: 8, max: 30, flex: 1, cell: (g) => g.value },
          { title: 'because', min: 12, flex: 2, cell: (g) => span(g.evidence, 'dim') },
        ],
        data.guesses,
        width,
      ),
      blank,
      ...sentence(
        `Groups: ${data.groups.map((g) => `${g.group}${g.kinds.length === 0 ? '' : ` (${g.kinds.join(' ')})`}`).join(', ')}. Engagement: ${and(data.engagementKinds)}. As of ${data.asOf === null ? 'each user’s last event' : instant(data.asOf)}.`,
        width,
      ),
      ...(data.checks.length > 0 ? failures(data.checks, width) : []),
      blank,
      text(`Next: ${data.next}`, 'accent'),
    ],
    width,
    height,
  );
