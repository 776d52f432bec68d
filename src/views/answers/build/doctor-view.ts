import type { DoctorData } from '../../../answers/build.ts';
import { t } from '../../../base/texts.ts';
import { plural } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
}

const mark = (check: Check, ascii: boolean): Line =>
  check.ok ? [span(ascii ? 'ok' : '✓ ok', 'good')] : [span(ascii ? 'FAIL' : '✗ FAIL', 'bad')];

/** A hash is shown by its first digits; the JSON has it whole. */
const short = (text: string): string => text.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…');

/** The verdict, then every check; a failed one with what was expected. */
export const doctorView = (data: DoctorData, width: number, options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(
        data.ok
          ? t('{workspace} is sound: {checks} passed.', {
              workspace: data.name,
              checks: plural(data.checks.length, 'check'),
            })
          : t('{workspace} is NOT sound: {failed} of {checks} failed.', {
              workspace: data.name,
              failed: data.failed,
              checks: plural(data.checks.length, 'check'),
            }),
        width,
        data.ok ? 'bold' : 'bad',
      ),
      ...table(
        [
          { title: '', cell: (c: Check) => mark(c, options.ascii === true) },
          { title: t('check'), min: 8, max: 24, cell: (c) => c.name },
          { title: t('found'), min: 12, flex: 1, cell: (c) => short(c.found) },
          {
            title: t('expected'),
            min: 12,
            flex: 1,
            drop: 1,
            cell: (c) => (c.ok ? span(short(c.expected), 'dim') : short(c.expected)),
          },
        ],
        data.checks,
        width,
      ),
      ...(data.bundle === undefined
        ? []
        : sentence(t('Written without users: {path}.', { path: data.bundle }), width, 'dim')),
    ],
    width,
    height,
  );
