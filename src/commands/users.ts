import { flagArg, numberArg, textArg } from './arg-values.ts';
import type { Command } from './command.ts';

export interface UserRow {
  readonly userId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly events: number;
  /** ms UTC; null without events. */
  readonly lastAt: number | null;
}

export const usersCommand: Command = {
  id: 'users',
  title: 'Find users',
  doc: 'Lists users of the sample, by id or attribute. Exit 1 when nothing matches.',
  family: 'look',
  needs: 'workspace',
  keys: ['f'],
  args: [
    { name: 'match', type: 'string', position: 0, doc: 'Text contained in the id or in an attribute.' },
    { name: 'limit', type: 'int', default: 50, unit: 'users', doc: 'At most this many.' },
    { name: 'offset', type: 'int', default: 0, unit: 'users', doc: 'Skip this many.' },
    { name: 'ids', type: 'flag', doc: 'Ids only.' },
  ],
  examples: ['users', 'users tier-1 --limit 10'],
  run: async (context, args) => {
    const { store } = await context.workspace();
    const match = textArg(args, 'match');
    const limit = Math.max(0, numberArg(args, 'limit') ?? 50);
    const rows = store.listUsers({ ...(match === undefined ? {} : { match }), limit, offset: Math.max(0, numberArg(args, 'offset') ?? 0) });
    const users = rows.map(({ userId, attributes, events, lastAt }): UserRow => ({ userId, attributes, events, lastAt }));
    return {
      schema: 'users',
      data: { users: flagArg(args, 'ids') ? users.map(({ userId }) => ({ userId })) : users, total: store.userCount, match: match ?? null },
      ...(users.length === 0 ? { exitCode: 1 as const } : {}),
    };
  },
};
