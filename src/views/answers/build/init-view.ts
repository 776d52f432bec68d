import type { InitData } from '../../../answers/build.ts';
import { t } from '../../../base/texts.ts';
import { mappingText } from './mapping-text.ts';
import { count, plural } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

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
  if (failed.length === 0)
    return sentence(t('Doctor: {checks} passed.', { checks: plural(checks.length, 'check') }), width, 'good');
  return [
    ...sentence(
      t('Doctor: {failed} of {checks} failed.', {
        failed: count(failed.length),
        checks: plural(checks.length, 'check'),
      }),
      width,
      'bad',
    ),
    ...failed.flatMap(({ name, expected, found }) =>
      sentence(t('{check}: expected {expected}; found {found}', { check: name, expected, found }), width, 'bad'),
    ),
  ];
};

const headline = ({ written, dir, counts }: InitData): string => {
  const places = {
    file: `${dir}/recall.json`,
    users: plural(counts.users, 'user'),
    ads: plural(counts.ads, 'ad'),
    events: plural(counts.events, 'event'),
  };
  return written
    ? t('Wrote {file}, over {users}, {ads} and {events}.', places)
    : t('Proposed, not written: {file}, over {users}, {ads} and {events}.', places);
};

/** What was found, what each decision rests on, and what comes next. */
export const initView = (data: InitData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: t('file'), min: 8, max: 30, cell: (f: FileRow) => f.file },
          { title: t('content'), min: 10, max: 30, cell: (f) => f.what },
          {
            title: t('taken as'),
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
          { title: t('decision'), min: 8, max: 20, cell: (g: GuessRow) => g.field },
          { title: t('value'), min: 8, max: 30, flex: 1, cell: (g) => g.value },
          { title: t('evidence'), min: 12, flex: 2, cell: (g) => span(g.evidence, 'dim') },
        ],
        data.guesses,
        width,
      ),
      blank,
      ...sentence(mappingText(data), width),
      ...(data.checks.length > 0 ? failures(data.checks, width) : []),
      blank,
      text(t('Next: {command}', { command: data.next }), 'accent'),
    ],
    width,
    height,
  );
