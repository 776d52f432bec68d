import type { GateData } from '../../../answers/gate.ts';
import { t } from '../../../base/texts.ts';
import { plural } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { hanging, sentence } from '../../text/sentences.ts';
import { table } from '../../text/table.ts';

type Check = GateData['checks'][number];

const headline = (data: GateData): string =>
  data.accepted
    ? t('B MAY replace A: no check objects.')
    : t('B MAY NOT replace A: {objections}.', { objections: plural(data.objections, 'objection') });

const objectionLines = ({ objections }: Check, width: number): Line[] =>
  objections.flatMap((one) => [
    ...hanging('  ✗', one.text, width, { label: 'bad' }),
    ...(one.adIds.length === 0 ? [] : hanging(`    ${t('ads')}`, one.adIds.join(', '), width, { label: 'dim' })),
    ...(one.userIds.length === 0 ? [] : hanging(`    ${t('users')}`, one.userIds.join(', '), width, { label: 'dim' })),
  ]);

/** The verdict, each check with what it measured, and each objection with the users and ads to look at. */
export const gateView = (data: GateData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const ascii = options.ascii === true;
  const objecting = data.checks.filter(({ objections }) => objections.length > 0);
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...sentence(
        data.differing.length === 0
          ? t('A and B do not differ in their artefacts; {users} asked.', { users: plural(data.users, 'user') })
          : t('B differs in {parts}; {users} asked.', {
              parts: data.differing.map(({ title }) => title).join(', '),
              users: plural(data.users, 'user'),
            }),
        width,
        'dim',
      ),
      ...data.circular.flatMap((one) => sentence(one, width, 'warn')),
      blank,
      ...table(
        [
          {
            title: '',
            cell: (c: Check) =>
              c.objections.length === 0 ? span(ascii ? 'ok' : '✓', 'good') : span(ascii ? 'NO' : '✗', 'bad'),
          },
          { title: t('check'), min: 12, cell: (c) => c.name },
          { title: t('measured'), min: 16, flex: 1, cell: (c) => span(c.says, 'dim') },
        ],
        data.checks,
        width,
      ),
      ...objecting.flatMap((check) => [blank, text(check.name, 'bold'), ...objectionLines(check, width)]),
    ],
    width,
    height,
  );
};
