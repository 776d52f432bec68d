import { flagArg, listArg, numberArg, textArg } from './arg-values.ts';
import type { ArgSpec, Command } from './command.ts';
import { bookmarksOf, readUi } from './ui-file.ts';
import { conditionsOf, deeds, inAll } from './user-finding.ts';

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
  doc: 'Lists users of the sample: by id or attribute, by what they did before the workspace’s as-of (all conditions must hold), by bookmark. Exit 1 when nothing matches.',
  family: 'look',
  needs: 'workspace',
  keys: ['f'],
  args: [
    { name: 'match', type: 'string', position: 0, doc: 'Text contained in the id or in an attribute.' },
    ...deeds.map((deed): ArgSpec => ({ name: deed.name, type: 'string', repeat: true, doc: deed.doc })),
    { name: 'did', type: 'string', repeat: true, doc: 'Any other kind of behaviour, KIND or KIND:WORDS, e.g. cart:耳机.' },
    { name: 'after', type: 'time', doc: 'Only what was done at or after this instant.' },
    { name: 'before', type: 'time', doc: 'Only what was done before this instant; never later than the workspace’s as-of.' },
    { name: 'bookmarked', type: 'flag', doc: 'Only users marked with B on the screen.' },
    { name: 'only', type: 'string', repeat: true, doc: 'Only these ids.' },
    { name: 'limit', type: 'int', default: 50, unit: 'users', doc: 'At most this many.' },
    { name: 'offset', type: 'int', default: 0, unit: 'users', doc: 'Skip this many.' },
    { name: 'ids', type: 'flag', doc: 'Ids only.' },
  ],
  examples: ['users', 'users tier-1 --limit 10', 'users --bought 扫地机器人 --searched 智能家居', 'users --did cart:耳机 --after 2025-06-01'],
  run: async (context, args) => {
    const { store, manifest, dir } = await context.workspace();
    const match = textArg(args, 'match');
    const limit = Math.max(0, numberArg(args, 'limit') ?? 50);
    const only = listArg(args, 'only');
    const marked = flagArg(args, 'bookmarked') ? bookmarksOf(await readUi(context.env), dir) : null;
    const conditions = conditionsOf(args, manifest.asOf);
    const lists = [...(args['only'] === undefined ? [] : [only]), ...(marked === null ? [] : [marked]), ...conditions.map((who) => store.usersWho(who))];
    const among = lists.length === 0 ? null : inAll(lists);
    const rows = store.listUsers({ ...(among === null ? {} : { among }), ...(match === undefined ? {} : { match }), limit, offset: Math.max(0, numberArg(args, 'offset') ?? 0) });
    const users = rows.map(({ userId, attributes, events, lastAt }): UserRow => ({ userId, attributes, events, lastAt }));
    return {
      schema: 'users',
      data: { users: flagArg(args, 'ids') ? users.map(({ userId }) => ({ userId })) : users, total: store.userCount, match: match ?? null, ...(among === null ? {} : { conditions: lists.length, found: match === undefined ? among.length : null }) },
      ...(users.length === 0 ? { exitCode: 1 as const } : {}),
    };
  },
};
