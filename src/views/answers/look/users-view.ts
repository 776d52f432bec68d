import type { DisagreementData, UsersData } from '../../../answers/look.ts';
import { t, tn } from '../../../base/texts.ts';
import { count, figure, plural, utc } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

/** `gender f · city tier-1` */
export const attributesText = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes)
    .map(([k, v]) => `${k} ${v}`)
    .join(' · ');

/** The order of the users, and which users were compared. */
export const disagreementText = ({ sides: [a, b], compared, of, failed }: DisagreementData): string => {
  const order = t('Sorted by disagreement of {a} and {b} (1 − RBO), largest first.', { a, b });
  const drawn = compared + failed;
  const users =
    drawn < of
      ? t('Sample: {drawn} of {users}.', { drawn: count(drawn), users: plural(of, 'user') })
      : t('All {users}.', { users: plural(of, 'user') });
  return failed === 0
    ? `${order} ${users}`
    : `${order} ${users} ${tn(failed, '{n} recall failed.', '{recalls} recalls failed.', { recalls: count(failed) })}`;
};

/** How many meet the conditions, and how many of them are shown. */
const conditionsText = (shown: number, found: number, total: number): string => {
  const meet = tn(
    found,
    '{n} of {total} users meets the conditions.',
    '{found} of {total} users meet the conditions.',
    { found: count(found), total: count(total) },
  );
  return found > shown ? `${meet} ${t('The first {count} are shown.', { count: count(shown) })}` : meet;
};

const headline = ({ users, total, match, conditions, found }: UsersData): string => {
  if (conditions !== undefined && users.length === 0)
    return t('No user meets all of these conditions before as-of. Remove one, or widen the time.');
  if (conditions !== undefined)
    return conditionsText(users.length, typeof found === 'number' ? found : users.length, total);
  const places = { users: plural(users.length, 'user'), total: count(total) };
  if (match === null) return t('{users} of {total}.', places);
  return users.length === 0
    ? t('No user matches “{match}”.', { match })
    : t('{users} of {total} match “{match}”.', { ...places, match });
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
              { title: t('user'), min: 8, cell: (u: UsersData['users'][number]) => u.userId },
              ...(data.disagreement === undefined
                ? []
                : [
                    {
                      title: t('1 − RBO'),
                      align: 'right' as const,
                      cell: (u: UsersData['users'][number]) => figure(u.difference ?? null, 3),
                    },
                  ]),
              { title: t('events'), align: 'right', cell: (u) => (u.events === undefined ? '' : count(u.events)) },
              { title: t('last event (UTC)'), drop: 2, cell: (u) => (u.lastAt === undefined ? '' : utc(u.lastAt)) },
              {
                title: t('attributes'),
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
