import { t } from '../../../base/texts.ts';
import type { DisagreementData, UsersData } from '../../../answers/look.ts';
import { count, figure, plural, utc } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

/** `gender f · city tier-1` */
export const attributesText = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes)
    .map(([k, v]) => `${k} ${v}`)
    .join(' · ');

/** What the order is, and of whom. */
export const disagreementText = ({ sides: [a, b], compared, of, failed }: DisagreementData): string =>
  `Most different lists of ${a} and ${b} first (1 − RBO): ${compared + failed < of ? `${count(compared + failed)} drawn of ${plural(of, 'user')}` : plural(of, 'user')}${failed > 0 ? `, ${count(failed)} of them without an answer` : ''}.`;

const headline = ({ users, total, match, conditions, found }: UsersData): string => {
  if (conditions !== undefined && users.length === 0)
    return 'No user meets all of these conditions before as-of: leave one out, or widen the time.';
  if (conditions !== undefined)
    return `${typeof found === 'number' && found > users.length ? `${count(users.length)} of ${plural(found, 'user')}` : plural(users.length, 'user')} of ${count(total)} ${users.length === 1 ? 'meets' : 'meet'} the conditions.`;
  if (match === null) return `${plural(users.length, 'user')} of ${count(total)}.`;
  return users.length === 0
    ? `No user matches “${match}”.`
    : `${plural(users.length, 'user')} of ${count(total)} with “${match}”.`;
};

export const usersView = (data: UsersData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...(data.disagreement === undefined || data.users.length === 0
        ? []
        : sentence(disagreementText(data.disagreement), width)),
      ...(data.users.length === 0
        ? []
        : table(
            [
              { title: 'user', min: 8, cell: (u: UsersData['users'][number]) => u.userId },
              ...(data.disagreement === undefined
                ? []
                : [
                    {
                      title: 'differs',
                      align: 'right' as const,
                      cell: (u: UsersData['users'][number]) => figure(u.difference ?? null, 3),
                    },
                  ]),
              { title: 'events', align: 'right', cell: (u) => (u.events === undefined ? '' : count(u.events)) },
              { title: 'last event (UTC)', drop: 2, cell: (u) => (u.lastAt === undefined ? '' : utc(u.lastAt)) },
              {
                title: 'attributes',
                min: 10,
                flex: 1,
                drop: 1,
                cell: (u) => span(attributesText(u.attributes ?? {}), 'dim'),
              },
            ],
            data.users,
            width,
          )),
      ...(data.asOf === null || data.users.every(({ events }) => events === undefined)
        ? []
        : sentence(t('Events before {time} UTC are counted.', { time: utc(data.asOf) }), width, 'dim')),
    ],
    width,
    height,
  );
