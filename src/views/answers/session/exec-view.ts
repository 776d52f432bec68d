import type { ExecData } from '../../../answers/answers.ts';
import { t } from '../../../base/texts.ts';
import { plural } from '../../text/figures.ts';
import type { Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';
import { table } from '../../text/table.ts';

interface Row {
  readonly line: number;
  readonly schema: string;
  readonly user: string;
  readonly exitCode: number;
}

/** The answers of a script, one row each; their data is in the JSON. */
export const execView = ({ lines, answers = [] }: ExecData, width: number): Line[] => [
  ...sentence(
    t('{lines} run, {answers}.', { lines: plural(lines, 'line'), answers: plural(answers.length, 'answer') }),
    width,
    'bold',
  ),
  ...(answers.length === 0
    ? []
    : table(
        [
          { title: t('line'), align: 'right', cell: (r: Row) => String(r.line) },
          { title: t('answer'), cell: (r) => r.schema, min: 8 },
          { title: t('user'), cell: (r) => r.user, flex: 1 },
          { title: t('exit'), align: 'right', cell: (r) => String(r.exitCode) },
        ],
        answers.map(({ schema, query, exitCode = 0 }, i) => ({
          line: i + 1,
          schema,
          user: query?.userId ?? '',
          exitCode,
        })),
        width,
      )),
];
