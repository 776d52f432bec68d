import { fieldNamed } from '../../domain/filter/grammar.ts';
import { conditions, matchWords, userFields } from '../../domain/filter/users.ts';
import type { UserRow, DisagreementData } from '../../answers/look.ts';
import { sampleUsers } from '../../engine/blast.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { saidOfModel } from '../../console/abilities.ts';
import { flagArg, listArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import type { ArgSpec } from '../../answers/help.ts';
import { disagreementOf, mostDifferent } from '../users/disagreement.ts';
import { sampleSize } from '../users/sample-size.ts';
import { bookmarksOf, readUi } from '../users/ui-file.ts';
import { conditionsOf, inAll } from '../users/conditions.ts';
import { defaultQuery } from '../../console/query-defaults.ts';

/** The users that are asked for, before any order or page. */
interface Asked {
  readonly among: readonly string[] | null;
  readonly match: string | undefined;
  /** Nothing at or after it is counted; null: each user's own as-of is after all their events. */
  readonly asOf: number | null;
}

/** The instant that the current query was moved to, else the workspace's. */
const asOfNow = ({ baseQuery }: CommandContext, workspace: Workspace): number | null =>
  baseQuery === null || baseQuery.asOf === defaultQuery(workspace, baseQuery.userId).asOf
    ? workspace.manifest.asOf
    : baseQuery.asOf;

interface Page {
  readonly limit: number;
  readonly offset: number;
}

const rowsOf = ({ store }: Workspace, { among, match, asOf }: Asked, { limit, offset }: Page): UserRow[] =>
  store
    .listUsers({
      ...(among === null ? {} : { among }),
      ...(match === undefined ? {} : { words: matchWords(match) }),
      ...(asOf === null ? {} : { before: asOf }),
      limit,
      offset,
    })
    .map(({ userId, attributes, events, lastAt }): UserRow => ({ userId, attributes, events, lastAt }));

const idsOf = (workspace: Workspace, asked: Asked): readonly string[] =>
  asked.among === null && asked.match === undefined
    ? workspace.store.userIds()
    : rowsOf(workspace, asked, { limit: workspace.store.userCount, offset: 0 }).map(({ userId }) => userId);

/** A page of the users drawn from those asked for, the most different lists first. */
const byDisagreement = async (
  context: CommandContext,
  workspace: Workspace,
  args: ArgValues,
  asked: Asked,
  { limit, offset }: Page,
): Promise<{ users: UserRow[]; disagreement: DisagreementData; approximations: string[] }> => {
  const ids = idsOf(workspace, asked);
  const drawn = sampleUsers(ids, sampleSize(args, ids.length, '2000'), numberArg(args, 'seed') ?? 1);
  const { sides, plan, differences, kept } = await disagreementOf(
    context,
    workspace,
    drawn,
    numberArg(args, 'workers'),
  );
  const ordered = mostDifferent(differences);
  const page = ordered.slice(offset, offset + limit);
  const rows = new Map(
    rowsOf(
      workspace,
      { among: page.map(({ userId }) => userId), match: undefined, asOf: asked.asOf },
      { limit: page.length, offset: 0 },
    ).map((row) => [row.userId, row]),
  );
  return {
    users: page.flatMap(({ userId, difference }) => {
      const row = rows.get(userId);
      return row === undefined ? [] : [{ ...row, difference }];
    }),
    disagreement: { sides, compared: ordered.length, of: ids.length, failed: drawn.length - ordered.length, kept },
    approximations: await saidOfModel(workspace, [plan.before, plan.after]),
  };
};

/** The options that are fields of the finder's line say the same there. */
const docOf = (field: string): string => fieldNamed(userFields, field)?.doc ?? '';

export const usersCommand: Command<'users'> = {
  id: 'users',
  title: 'Find users',
  doc: 'Lists users of the sample by id or attribute, by what they did before as-of (all conditions must hold), by bookmark, or by how much the lists of legacy and model differ. Exit 1 when nothing matches.',
  family: 'look',
  needs: 'workspace',
  keys: ['f'],
  args: [
    {
      name: 'match',
      type: 'string',
      personal: 'query',
      position: 0,
      doc: 'Words that must each be in the id or in an attribute as it is shown (city tier-1); quotes hold blanks together.',
    },
    ...conditions.map((condition): ArgSpec => ({
      name: condition.name,
      type: 'string',
      ...(condition.of === 'query' ? { personal: 'query' } : {}),
      repeat: true,
      doc: condition.doc,
    })),
    {
      name: 'did',
      type: 'string',
      personal: 'query',
      repeat: true,
      doc: docOf('did'),
    },
    { name: 'after', type: 'time', doc: docOf('after') },
    {
      name: 'before',
      type: 'time',
      doc: docOf('before'),
    },
    { name: 'bookmarked', type: 'flag', doc: docOf('is') },
    {
      name: 'disagreement',
      type: 'flag',
      doc: 'Sort by disagreement of legacy and model (1 − RBO of the two lists at each user’s default query), largest first. Computed on request and cached.',
    },
    {
      name: 'users',
      type: 'string',
      default: '2000',
      doc: 'With --disagreement: how many of the matching users are sampled and compared, or all.',
    },
    { name: 'seed', type: 'int', default: 1, doc: 'With --disagreement: seed of the sample of users.' },
    { name: 'workers', type: 'int', doc: 'With --disagreement: worker threads; 0 runs in this one.' },
    { name: 'only', type: 'string', personal: 'user', repeat: true, doc: 'Only these ids.' },
    { name: 'limit', type: 'int', default: 50, unit: 'users', doc: 'At most this many.' },
    { name: 'offset', type: 'int', default: 0, unit: 'users', doc: 'Skip this many.' },
    { name: 'ids', type: 'flag', doc: 'Ids only.' },
  ],
  examples: [
    'users',
    'users tier-1 --limit 10',
    'users --bought 扫地机器人 --searched 智能家居',
    'users --did cart:耳机 --after 2025-06-01',
    'users --disagreement --limit 20',
  ],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const { store, dir } = workspace;
    const match = textArg(args, 'match');
    const page: Page = {
      limit: Math.max(0, numberArg(args, 'limit') ?? 50),
      offset: Math.max(0, numberArg(args, 'offset') ?? 0),
    };
    const marked = flagArg(args, 'bookmarked') ? bookmarksOf(await readUi(context.env), dir) : null;
    const asOf = asOfNow(context, workspace);
    const conditions = conditionsOf(args, asOf);
    const lists = [
      ...(args['only'] === undefined ? [] : [listArg(args, 'only')]),
      ...(marked === null ? [] : [marked]),
      ...conditions.map((who) => store.usersWho(who)),
    ];
    const among = lists.length === 0 ? null : inAll(lists);
    const compared = flagArg(args, 'disagreement')
      ? await byDisagreement(context, workspace, args, { among, match, asOf }, page)
      : null;
    const { users, ...more } = compared ?? { users: rowsOf(workspace, { among, match, asOf }, page) };
    return {
      schema: 'users',
      data: {
        users: flagArg(args, 'ids') ? users.map(({ userId }) => ({ userId })) : users,
        total: store.userCount,
        match: match ?? null,
        asOf,
        ...(among === null ? {} : { conditions: lists.length, found: match === undefined ? among.length : null }),
        ...more,
      },
      ...(users.length === 0 ? { exitCode: 1 as const } : {}),
    };
  },
};
