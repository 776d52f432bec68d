import type { GateData } from '../../answers/gate.ts';
import type { BisectUnit } from '../../answers/session.ts';
import { canonicalJson } from '../../base/json.ts';
import { privateFile, writeTextFile } from '../../base/atomic-file.ts';
import type { GateCheck } from '../../domain/gate.ts';
import { sampleUsers } from '../../engine/blast.ts';
import { createEngine } from '../../engine/create-engine.ts';
import { RecallError } from '../../errors.ts';
import { differingArtefacts, titleOf } from '../../session/bisect.ts';
import { openVault } from '../../session/vault.ts';
import { openWorkspaceAt } from '../../workspace/open.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { flagArg, listArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { queryFromArgs } from '../query/args.ts';
import { requiredPath, type Table } from '../session/tools.ts';
import { groupChecks, healthCheck, indexChecks, listChecks, type GateBounds, type GatePeople } from './gate-checks.ts';
import { casesCheck, sessionsCheck } from './gate-evidence.ts';
import { gateJunit, gateMarkdown } from './gate-report.ts';
import type { GateSide, GateSides } from './gate-lists.ts';

const sideOf = (context: CommandContext, args: ArgValues, workspace: Workspace): GateSide => {
  const own: CommandContext = { ...context, workspace: () => Promise.resolve(workspace), baseQuery: null };
  return { workspace, queryOf: (userId) => queryFromArgs(own, args, userId) };
};

const within = (args: ArgValues, name: string, from: number, to: number): number | undefined => {
  const value = numberArg(args, name);
  if (value !== undefined && !(value >= from && value <= to))
    throw new RecallError('usage', `--${name} cannot be ${value}`, { expected: `from ${from} to ${to}` });
  return value;
};

/** Users asked besides the sample, where it cannot tell whether engaged ads are lost. */
const mostOthers = 5_000;

const usersOf = (args: ArgValues, a: Workspace, b: Workspace): GatePeople => {
  const known = new Set(b.store.userIds());
  const both = a.store.userIds().filter((id) => known.has(id));
  if (both.length === 0) throw new RecallError('unsupported', 'the two workspaces have no user in common');
  const count = within(args, 'users', 1, Number.MAX_SAFE_INTEGER) ?? 500;
  const seed = numberArg(args, 'seed') ?? 1;
  const sample = sampleUsers(both, count, seed);
  const chosen = new Set(sample);
  const rest = both.filter((id) => !chosen.has(id));
  return { sample, others: sampleUsers(rest, mostOthers, seed) };
};

/** What differs, the parts of the default query among it. */
const differingOf = async (sides: GateSides, userId: string): Promise<BisectUnit[]> => {
  const [a, b] = [await sides.a.queryOf(userId), await sides.b.queryOf(userId)];
  const differs = (left: unknown, right: unknown): boolean => canonicalJson(left) !== canonicalJson(right);
  const rest = (query: typeof a): unknown => ({ ...query, weights: 0, ef: 0, rules: 0, asOf: 0 });
  const artefacts: BisectUnit[] = differingArtefacts(sides);
  const queries: BisectUnit[] = [
    ...(differs(a.weights, b.weights) ? ['weights' as const] : []),
    ...(differs(a.ef, b.ef) ? ['ef' as const] : []),
    ...(differs(a.rules, b.rules) ? ['rules' as const] : []),
    ...(differs(rest(a), rest(b)) ? ['query' as const] : []),
  ];
  return [...new Set([...artefacts, ...queries])];
};

/** The gate between two open workspaces. `health` is the doctor's part, which reads the folders. */
export const gateBetween = async (
  table: Table,
  context: CommandContext,
  args: ArgValues,
  { a, b }: { a: Workspace; b: Workspace },
  health: () => Promise<GateCheck | null>,
): Promise<GateData> => {
  const sides: GateSides = { a: sideOf(context, args, a), b: sideOf(context, args, b) };
  const people = usersOf(args, a, b);
  const users = people.sample;
  const [first = ''] = users;
  const query = await sides.a.queryOf(first);
  const differing = await differingOf(sides, first);
  const bounds: GateBounds = {
    margin: within(args, 'margin', 0, 1) ?? 0.01,
    maxChurn: within(args, 'max-churn', 0, 1) ?? null,
    rebuilds: within(args, 'rebuilds', 1, 20) ?? 3,
    seed: numberArg(args, 'seed') ?? 1,
    k: query.k,
  };
  const sessions = await sessionsCheck(table, context, sides, listArg(args, 'sessions'));
  const cases = await casesCheck(context, sides, textArg(args, 'cases'));
  const doctor = await health();
  const checks = [
    sessions.check,
    cases.check,
    ...(await listChecks(context, sides, people, differing, bounds, query.mode)),
    ...(differing.some((unit) => unit === 'model' || unit === 'settings' || unit === 'weights')
      ? await groupChecks(context, sides, users)
      : []),
    ...(await indexChecks(context, { a, b })),
    ...(doctor === null ? [] : [doctor]),
  ];
  const objections = checks.reduce((sum, check) => sum + check.objections.length, 0);
  return {
    a: { dir: a.dir, name: a.name },
    b: { dir: b.dir, name: b.name },
    differing: differing.map((unit) => ({ unit, title: titleOf([unit]) })),
    users: users.length,
    accepted: objections === 0,
    objections,
    checks,
    circular: [...sessions.circular, ...cases.circular],
  };
};

/** B cannot be opened: that is the objection. */
const unopened = (a: Workspace, dir: string, error: RecallError): GateData => ({
  a: { dir: a.dir, name: a.name },
  b: { dir, name: '' },
  differing: [],
  users: 0,
  accepted: false,
  objections: 1,
  checks: [
    {
      name: 'opens',
      says: 'B cannot be opened',
      figures: {},
      objections: [{ text: error.lines().join('; '), userIds: [], adIds: [] }],
    },
  ],
  circular: [],
});

const judged = async (table: Table, context: CommandContext, args: ArgValues, a: Workspace): Promise<GateData> => {
  const opening = { tools: context.tools, createEngine, signal: context.signal };
  const dir = requiredPath(args, 'b');
  let b: Workspace;
  try {
    b = await openWorkspaceAt(dir, opening);
  } catch (error) {
    if (!(error instanceof RecallError) || ['cancelled', 'usage', 'no-workspace', 'internal'].includes(error.code))
      throw error;
    return unopened(a, dir, error);
  }
  try {
    return await gateBetween(table, context, args, { a, b }, () =>
      flagArg(args, 'no-doctor') ? Promise.resolve(null) : healthCheck(context, [a.dir, b.dir]),
    );
  } finally {
    await b.close();
  }
};

export const gateCommand = (table: Table): Command<'gate'> => ({
  id: 'gate',
  title: 'Judge whether B may replace A',
  doc: 'Says whether workspace B (a new model, index or rules) may replace A. It replays golden sessions and judges cases (the rows of triage, with present or absent) on B, compares the lists of the same users on both, and counts ads that no search can reach, that are deleted or without a node, and what doctor finds. It objects where a session or case fails; where lists change more than a rebuild of the index changes them, if only the index differs, and more than --max-churn otherwise (default: any for a new model or new data, else .1); where the recall of engaged ads may be lower by more than --margin; where a feature group does nothing on B, or a campaign loses its places; where more ads are unreachable, deleted, absent or crowded. A golden set that is A’s or B’s own answers is called circular. Exit 1 where anything objects.',
  family: 'recall',
  needs: 'nothing',
  takesQuery: true,
  args: [
    { name: 'a', type: 'path', position: 0, required: true, doc: 'The folder of the workspace in use.' },
    { name: 'b', type: 'path', position: 1, required: true, doc: 'The folder of the one that may replace it.' },
    { name: 'sessions', type: 'path', repeat: true, doc: 'A golden session; may be given several times.' },
    { name: 'cases', type: 'path', doc: 'Pairs with present or absent, as triage reads them.' },
    {
      name: 'users',
      type: 'int',
      unit: 'users',
      doc: 'How many users are sampled (default: 500). Engaged ads are looked at for more where these cannot tell.',
    },
    { name: 'seed', type: 'int', default: 1, doc: 'Seed of the sample, of the intervals and of the rebuilds.' },
    { name: 'margin', type: 'number', doc: 'How much lower the recall of engaged ads may be (default: .01).' },
    { name: 'max-churn', type: 'number', doc: 'The largest mean of 1 − RBO between the lists, from 0 to 1.' },
    { name: 'rebuilds', type: 'int', doc: 'Rebuilds of A’s index that give the noise of an index (default: 3).' },
    { name: 'no-doctor', type: 'flag', doc: 'Leave the checks of doctor out.' },
    { name: 'markdown', type: 'path', doc: 'Also write the report to this file as Markdown; it names users.' },
    { name: 'junit', type: 'path', doc: 'Also write the checks as JUnit XML to this file, users masked.' },
  ],
  examples: ['gate shop shop-new', 'gate shop shop-new --cases tickets.csv --junit gate.xml'],
  run: async (context, args) => {
    const opening = { tools: context.tools, createEngine, signal: context.signal };
    const a = await openWorkspaceAt(requiredPath(args, 'a'), opening);
    try {
      const data = await judged(table, context, args, a);
      const [markdown, junit] = [textArg(args, 'markdown'), textArg(args, 'junit')];
      if (markdown !== undefined) await writeTextFile(markdown, gateMarkdown(data), privateFile);
      if (junit !== undefined) await writeTextFile(junit, gateJunit(data, (await openVault(a)).user));
      return { schema: 'gate', data, exitCode: data.accepted ? 0 : 1, notices: data.circular };
    } finally {
      await a.close();
    }
  },
});
