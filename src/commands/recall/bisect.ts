import type { Bisected, BisectUnit } from '../../answers/session.ts';
import type { BisectSide, BisectData } from '../../answers/recall.ts';
import { sampleUsers } from '../../engine/blast.ts';
import { createEngine } from '../../engine/create-engine.ts';
import { yieldToEventLoop } from '../../engine/interrupt.ts';
import { cancelledError, RecallError } from '../../errors.ts';
import { createBisect, differingArtefacts, titleOf, type Side } from '../../session/bisect.ts';
import { readSession } from '../../session/read.ts';
import { checkKey } from '../../session/replay.ts';
import { createUnsealer } from '../../session/unseal.ts';
import { openVault } from '../../session/vault.ts';
import { openWorkspaceAt } from '../../workspace/open.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { queryFromArgs } from '../query/args.ts';
import { requiredPath } from '../session/tools.ts';

const sideOf = (context: CommandContext, args: ArgValues, workspace: Workspace): Side => {
  const own: CommandContext = { ...context, workspace: () => Promise.resolve(workspace) };
  return { workspace, queryOf: (userId) => queryFromArgs(own, args, userId) };
};

const describedSide = ({ name, dir, store, catalog, manifest, fingerprints }: Workspace): BisectSide => ({
  name,
  dir,
  users: store.userCount,
  ads: catalog.adCount,
  events: store.eventCount,
  builtUntil: manifest.model?.builtUntil ?? null,
  fingerprints,
});

/** The users of a session's queries, each once, in its order. */
const usersOfSession = async (path: string, workspace: Workspace): Promise<string[]> => {
  const session = await readSession(path);
  const vault = await openVault(workspace);
  checkKey(session, vault);
  const unsealer = createUnsealer(
    workspace.store,
    workspace.settings.groups.map((group) => group.name),
    vault,
  );
  return [
    ...new Set(session.steps.flatMap(({ query }) => (query === undefined ? [] : [unsealer.query(query).userId]))),
  ];
};

const usersFrom = async (context: CommandContext, args: ArgValues, a: Workspace, b: Workspace): Promise<string[]> => {
  const [user, session] = [textArg(args, 'user'), textArg(args, 'session')];
  if (session !== undefined) return usersOfSession(session, a);
  if (user !== undefined) return [user];
  const named = textArg(args, 'query') !== undefined || context.baseQuery !== null;
  if (named && numberArg(args, 'users') === undefined)
    return [(await queryFromArgs({ ...context, workspace: () => Promise.resolve(a) }, args, undefined)).userId];
  const count = numberArg(args, 'users') ?? 50;
  if (count < 1) throw new RecallError('usage', `--users cannot be ${count}`, { expected: 'a whole number from 1' });
  const known = new Set(b.store.userIds());
  const both = a.store.userIds().filter((id) => known.has(id));
  if (both.length === 0) throw new RecallError('unsupported', 'the two workspaces have no user in common');
  return sampleUsers(both, count, numberArg(args, 'seed') ?? 1);
};

const causesOf = (rows: readonly Bisected[]): BisectData['causes'] => {
  const counts = new Map<string, { sets: ReadonlyArray<readonly BisectUnit[]>; users: number }>();
  for (const { causes } of rows) {
    const key = causes.map((set) => set.join()).join(' or ');
    counts.set(key, { sets: causes, users: (counts.get(key)?.users ?? 0) + 1 });
  }
  return [...counts.values()]
    .sort((x, y) => y.users - x.users)
    .map(({ sets, users }) => ({
      units: sets[0] ?? null,
      sets,
      users,
      title: sets.length === 0 ? 'not accounted for' : sets.map(titleOf).join(', or '),
    }));
};

const run = async (context: CommandContext, args: ArgValues, a: Workspace, b: Workspace): Promise<BisectData> => {
  const other = textArg(args, 'query-b');
  const options = {
    a: sideOf(context, args, a),
    b: sideOf(context, other === undefined ? args : { ...args, query: other }, b),
    signal: context.signal,
  };
  const users = await usersFrom(context, args, a, b);
  const bisect = createBisect(options);
  const rows: Bisected[] = [];
  for (const [i, userId] of users.entries()) {
    if (context.signal.aborted) throw cancelledError();
    rows.push(await bisect(userId));
    context.progress({ stage: 'users', done: i + 1, total: users.length });
    await yieldToEventLoop();
  }
  const [first] = users;
  const changed = rows.filter((row) => !row.same).sort((x, y) => x.rbo - y.rbo);
  return {
    workspace: { a: describedSide(a), b: describedSide(b) },
    queries: first === undefined ? null : { a: await options.a.queryOf(first), b: await options.b.queryOf(first) },
    a: { dir: a.dir, name: a.name },
    b: { dir: b.dir, name: b.name },
    differing: differingArtefacts(options).map((unit) => ({ unit, title: titleOf([unit]) })),
    asked: rows.length,
    changed: changed.length,
    causes: causesOf(changed),
    runs: rows.reduce((sum, row) => sum + row.runs, 0),
    rows: changed,
  };
};

export const bisectCommand: Command<'bisect'> = {
  id: 'bisect',
  title: 'Find the artefact that changed a list',
  doc: "Runs the same query on two workspaces that differ, then swaps one unit at a time ({model, vectors, graph}, {graph over the same vectors}, data, i2i, rules, settings, weights, ef, the rest of the query) until A gives exactly B's list; then two at a time, then more. It names every smallest set of units that does so: no part of one does; every claim has been run. If the samples have different ads, model, vectors, graph and i2i are swapped together with the data. Exit 1 when no set of units explains a changed list.",
  family: 'recall',
  needs: 'nothing',
  takesQuery: true,
  args: [
    { name: 'a', type: 'path', position: 0, required: true, doc: 'The folder of the first workspace.' },
    { name: 'b', type: 'path', position: 1, required: true, doc: 'The folder of the second.' },
    {
      name: 'user',
      type: 'string',
      personal: 'user',
      position: 2,
      doc: 'The user (default: that of --query, else a sample of users).',
    },
    {
      name: 'users',
      type: 'int',
      doc: 'How many users are sampled from those that both workspaces have (default: 50).',
    },
    { name: 'seed', type: 'int', default: 1, doc: 'Seed of the sample of users.' },
    {
      name: 'query-b',
      type: 'path',
      doc: 'The query for B, a RecallQuery as JSON, if it differs from the query for A: its weights, ef, rules and the rest are then swapped too.',
    },
    {
      name: 'session',
      type: 'path',
      doc: 'Take the users of this session, which was recorded on A, instead of a sample.',
    },
  ],
  examples: ['bisect yesterday today u-00412', 'bisect yesterday today --users 200 --mode merged --json'],
  run: async (context, args) => {
    const opening = { tools: context.tools, createEngine, signal: context.signal };
    const a = await openWorkspaceAt(requiredPath(args, 'a'), opening);
    try {
      const b = await openWorkspaceAt(requiredPath(args, 'b'), opening);
      try {
        const data = await run(context, args, a, b);
        return { schema: 'bisect', data, exitCode: data.rows.some((row) => row.cause === null) ? 1 : 0 };
      } finally {
        await b.close();
      }
    } finally {
      await a.close();
    }
  },
};
