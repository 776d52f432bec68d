import { jsonOf } from '../../base/json.ts';
import { readText } from '../../base/text-file.ts';
import type { Config } from '../../answers/help.ts';
import { z } from 'zod';
import { maxWeight, minWeight, modes } from '../../domain/query.ts';
import { isOutOfReach } from '../../base/homes.ts';
import { RecallError, systemReason } from '../../errors.ts';
import { configPath } from './config-path.ts';
import { unknownField } from '../../base/nearest.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A person's own defaults for all workspaces; each is optional. */
const shape = {
  /** Length of the list; breadth of the search; which recall runs. */
  k: z.number().int().min(1),
  ef: z.number().int().min(1),
  mode: z.enum(modes),
  /** A preset laid over every new query, then these weights. */
  preset: z.string().min(1),
  weights: z.record(z.string(), z.number().min(minWeight).max(maxWeight)),
  /** Plain ASCII; colour or none. The environment (RECALL_TUI_ASCII, NO_COLOR, FORCE_COLOR) wins. */
  ascii: z.boolean(),
  colour: z.enum(['auto', 'always', 'never']),
  /** The user the screen opens with. */
  startUser: z.string().min(1),
};
const schema = z.strictObject(shape).partial();

export const configKeys: readonly string[] = Object.keys(shape);

/** The config as read: where from, and whether the file is there. */
export interface ReadConfig {
  readonly path: string;
  readonly found: boolean;
  readonly config: Config;
  /** Why a file that may be there is not used. */
  readonly notice?: string;
}

/**
 * The environment with what the config says of the screen, where the environment says nothing: ASCII by
 * RECALL_TUI_ASCII, colour by NO_COLOR and FORCE_COLOR.
 */
export const envWith = ({ ascii, colour }: Config, env: Env): Env => ({
  ...env,
  ...(ascii === undefined || env['RECALL_TUI_ASCII'] !== undefined ? {} : { RECALL_TUI_ASCII: ascii ? '1' : '0' }),
  ...(colour === undefined || colour === 'auto' || (env['NO_COLOR'] ?? '') !== '' || env['FORCE_COLOR'] !== undefined
    ? {}
    : colour === 'never'
      ? { NO_COLOR: '1' }
      : { FORCE_COLOR: '1' }),
});

/** Does it change the default query? */
export const setsQuery = ({ k, ef, mode, preset, weights }: Config): boolean =>
  [k, ef, mode, preset, weights].some((value) => value !== undefined);

const refuse = (path: string, message: string, expected: string, found: string): never => {
  throw new RecallError('bad-input', `the config ${path} ${message}`, {
    expected,
    found,
    todo: 'correct the file; recall-tui config check looks at it again',
  });
};

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? Object.entries(inner).find(([name]) => name === String(key))?.[1]
        : undefined,
    value,
  );

/** Reads the text of a config. Throws `bad-input` with file, field, what was expected and what was found. */
export const parseConfig = (text: string, path: string): Config => {
  const json = jsonOf(text, {
    code: 'bad-input',
    where: `the config ${path}`,
    message: `the config ${path} is not JSON`,
    expected: 'one JSON object',
    todo: 'correct the file; recall-tui config check looks at it again',
  });
  const outcome = schema.safeParse(json);
  if (!outcome.success) {
    const [issue] = outcome.error.issues;
    if (issue?.code === 'unrecognized_keys') {
      const key = issue.keys[0] ?? '';
      return refuse(path, `cannot be read: ${unknownField([key], configKeys)}`, `one of ${configKeys.join(', ')}`, key);
    }
    const field = (issue?.path ?? []).map(String).join('.');
    return refuse(
      path,
      field === '' ? 'is not a config' : `cannot have this ${field}`,
      issue?.message ?? 'a config',
      JSON.stringify(at(json, issue?.path ?? [])) ?? 'nothing',
    );
  }
  return outcome.data;
};

/**
 * The person's config; none is an empty one, and one in a home that cannot be reached is none, with a notice. Throws
 * `bad-input`.
 */
export const readConfig = async (env: Env): Promise<ReadConfig> => {
  const path = configPath(env);
  if (path === null) return { path: '', found: false, config: {} };
  try {
    return { path, found: true, config: parseConfig(await readText(path), path) };
  } catch (error) {
    if (error instanceof RecallError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { path, found: false, config: {} };
    const reason = error instanceof Error ? systemReason(error) : String(error);
    // A file that somebody has named must be there.
    if (!isOutOfReach(error) || env['RECALL_TUI_CONFIG']) return refuse(path, 'cannot be read', 'a file', reason);
    return {
      path,
      found: false,
      config: {},
      notice: `${path} cannot be reached (${reason}): your own defaults are not used`,
    };
  }
};
