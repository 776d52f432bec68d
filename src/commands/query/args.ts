import { acceptQuery, parseQuery } from '../../domain/query-schema.ts';
import { modes, type RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { flagArg, listArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, CommandContext } from '../../console/command.ts';
import { didYouMean } from '../../base/nearest.ts';
import { applyPreset } from './preset-settings.ts';
import { allPresets, findPreset } from './presets-file.ts';
import { defaultQuery } from '../../console/query-defaults.ts';
import { readQueryJson } from './file.ts';
import { unmaskedUser } from './masked-user.ts';
import { splitPair } from '../../console/values.ts';
import { withWhatIf } from './what-if-args.ts';

export { queryArgs } from '../../console/query-specs.ts';

/**
 * The query a command runs: `--query` file, else the current query of the REPL or TUI, else the
 * workspace's defaults; then the preset; then the single flags. Throws `usage` when nothing names a
 * user, for a group or a value that cannot be; `unknown-user` with the nearest ids.
 */
export const queryFromArgs = async (
  context: CommandContext,
  args: ArgValues,
  named: string | undefined,
): Promise<RecallQuery> => {
  const workspace = await context.workspace();
  const userId = await unmaskedUser(workspace, named);
  const file = textArg(args, 'query');
  const base = file === undefined ? context.baseQuery : await queryFromFile(context, file);
  const start = await forUser(context, workspace, base, userId);
  const name = textArg(args, 'preset');
  const preset =
    name === undefined ? start : applyPreset(start, findPreset(await allPresets(workspace, context.env), name));
  const flagged = applyFlags(preset, args);
  await checkContext(workspace, args);
  checkGroups(workspace, flagged);
  const query = await withWhatIf(workspace, flagged, args);
  return acceptQuery(query, groupNames(workspace));
};

const groupNames = ({ settings }: Workspace): string[] => settings.groups.map((g) => g.name);

const nobody = (): RecallError =>
  new RecallError('usage', 'no user', { expected: 'USER, or --query FILE', todo: 'recall-tui users lists them' });

const userIdOf = (json: unknown): string | undefined =>
  typeof json === 'object' && json !== null && 'userId' in json && typeof json.userId === 'string'
    ? json.userId
    : undefined;

/** Reads a query; what it leaves out comes from the current query, else from the workspace's defaults. */
export const queryFromFile = async (context: CommandContext, file: string): Promise<RecallQuery> => {
  const workspace = await context.workspace();
  const json = await readQueryJson(context, file);
  const user = userIdOf(json) ?? context.baseQuery?.userId;
  if (user === undefined)
    throw new RecallError('usage', 'the query names no user', {
      expected: 'a RecallQuery with "userId"',
      todo: 'recall-tui recall USER --json | jq .query writes one',
    });
  return parseQuery(json, groupNames(workspace), await forUser(context, workspace, context.baseQuery, user));
};

/**
 * The person's own defaults over those of the workspace. A preset or group this workspace does not have is refused
 * with the file's name.
 */
const withConfig = async (context: CommandContext, workspace: Workspace, query: RecallQuery): Promise<RecallQuery> => {
  const { config } = context;
  if (config === undefined) return query;
  const { preset: name, weights = {} } = config;
  const wrong = Object.keys(weights).find((group) => !groupNames(workspace).includes(group));
  if (wrong !== undefined)
    throw new RecallError('bad-input', `your config has a weight for "${wrong}", which this workspace does not know`, {
      expected: `one of ${groupNames(workspace).join(', ')}`,
      found: wrong,
      todo: 'recall-tui config locate names the file',
    });
  const laid =
    name === undefined ? query : applyPreset(query, findPreset(await allPresets(workspace, context.env), name));
  return {
    ...laid,
    k: config.k ?? laid.k,
    ef: config.ef ?? laid.ef,
    mode: config.mode ?? laid.mode,
    weights: { ...laid.weights, ...weights },
  };
};

/** The same question about someone else: their as-of unless one was chosen, and no event of the other user's. */
const forUser = async (
  context: CommandContext,
  workspace: Workspace,
  query: RecallQuery | null,
  userId: string | undefined,
): Promise<RecallQuery> => {
  const user = userId ?? query?.userId;
  if (user === undefined) throw nobody();
  if (query === null) return withConfig(context, workspace, defaultQuery(workspace, user));
  if (query.userId === user) return query;
  const asOf =
    query.asOf === defaultQuery(workspace, query.userId).asOf ? defaultQuery(workspace, user).asOf : query.asOf;
  return { ...query, userId: user, asOf, excludedEvents: [], extraEvents: [] };
};

const positive = (args: ArgValues, name: string): number | undefined => {
  const value = numberArg(args, name);
  if (value !== undefined && value < 1)
    throw new RecallError('usage', `--${name} cannot be ${value}`, { expected: 'a whole number from 1' });
  return value;
};

const pairs = (args: ArgValues, name: string): ReadonlyArray<{ readonly name: string; readonly value: string }> =>
  listArg(args, name).flatMap((text) => splitPair(text) ?? []);

const applyFlags = (query: RecallQuery, args: ArgValues): RecallQuery => {
  const asOf = numberArg(args, 'at') ?? query.asOf;
  return {
    ...query,
    asOf,
    k: positive(args, 'k') ?? query.k,
    ef: positive(args, 'ef') ?? query.ef,
    mode: modes.find((m) => m === textArg(args, 'mode')) ?? query.mode,
    weights: { ...query.weights, ...Object.fromEntries(pairs(args, 'weight').map((p) => [p.name, Number(p.value)])) },
    context: { ...query.context, ...Object.fromEntries(pairs(args, 'context').map((p) => [p.name, p.value])) },
    eligibility: flagArg(args, 'no-eligibility') ? false : query.eligibility,
  };
};

/**
 * A field that neither the model nor the workspace's calendar and defaults know is a misspelt one; where the model
 * does not know, it is taken.
 */
const checkContext = async (workspace: Workspace, args: ArgValues): Promise<void> => {
  const asked = pairs(args, 'context');
  if (asked.length === 0 || workspace.fingerprints.model === null) return;
  const fields = (await workspace.encoder())?.contextFields;
  if (fields === undefined || fields.size === 0) return;
  const known = [
    ...new Set([
      ...fields.keys(),
      ...(workspace.settings.calendar ?? []).map(({ field }) => field),
      ...Object.keys(workspace.manifest.defaults.context),
    ]),
  ];
  const wrong = asked.find(({ name }) => !known.includes(name))?.name;
  if (wrong === undefined) return;
  throw new RecallError('usage', `no context field "${wrong}"`, {
    expected: `one of ${known.join(', ')}`,
    ...(didYouMean(wrong, known) === '' ? {} : { todo: didYouMean(wrong, known) }),
  });
};

/** A misspelt group gets the nearest name. */
const checkGroups = (workspace: Workspace, query: RecallQuery): void => {
  const names = groupNames(workspace);
  const wrong = Object.keys(query.weights).find((name) => !names.includes(name));
  if (wrong === undefined) return;
  throw new RecallError('usage', `no feature group "${wrong}"`, {
    expected: `one of ${names.join(', ')}`,
    ...(didYouMean(wrong, names) === '' ? {} : { todo: didYouMean(wrong, names) }),
  });
};
