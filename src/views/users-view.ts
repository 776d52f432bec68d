import type { UserRow } from '../commands/users.ts';
import { count, plural, utc } from './figures.ts';
import { fitLines, span, type Line, type ViewOptions } from './line.ts';
import { table } from './table.ts';
import { sentence } from './words.ts';

export interface UsersData {
  readonly users: ReadonlyArray<Pick<UserRow, 'userId'> & Partial<UserRow>>;
  readonly total: number;
  readonly match: string | null;
}

/** `gender f · city tier-1` */
export const attributesText = (attributes: Readonly<Record<string, string>>): string => Object.entries(attributes).map(([k, v]) => `${k} ${v}`).join(' · ');

const headline = ({ users, total, match }: UsersData): string => {
  if (match === null) return `${plural(users.length, 'user')} of ${count(total)}.`;
  return users.length === 0 ? `No user matches “${match}”.` : `${plural(users.length, 'user')} of ${count(total)} with “${match}”.`;
};

export const usersView = (data: UsersData, width: number, _options: ViewOptions = {}, height?: number): Line[] => fitLines([
  ...sentence(headline(data), width, 'bold'),
  ...(data.users.length === 0 ? [] : table([
    { title: 'user', min: 8, cell: (u: UsersData['users'][number]) => u.userId },
    { title: 'events', align: 'right', cell: (u) => (u.events === undefined ? '' : count(u.events)) },
    { title: 'last event (UTC)', drop: 2, cell: (u) => (u.lastAt === undefined ? '' : utc(u.lastAt)) },
    { title: 'attributes', min: 10, flex: 1, drop: 1, cell: (u) => span(attributesText(u.attributes ?? {}), 'dim') },
  ], data.users, width)),
], width, height);
