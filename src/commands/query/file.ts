import { jsonOf } from '../../base/json.ts';
import { readText } from '../../base/text-file.ts';
import { RecallError } from '../../errors.ts';
import type { CommandContext } from '../../console/command.ts';

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const textOf = async (context: Pick<CommandContext, 'stdin'>, path: string): Promise<string> => {
  if (path === '-') return context.stdin();
  if (path.startsWith('{')) return path;
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof RecallError) throw error;
    throw new RecallError('bad-input', `the query file cannot be read: ${path}`, {
      cause: error,
      found: reasonOf(error),
    });
  }
};

/**
 * The JSON of a query file, of stdin for `-`, or the JSON itself where it begins with a brace; what it means is for
 * `parseQuery`. Throws `bad-input`.
 */
export const readQueryJson = async (context: Pick<CommandContext, 'stdin'>, path: string): Promise<unknown> => {
  const text = await textOf(context, path);
  const place = path === '-' ? 'stdin' : path.startsWith('{') ? 'the one on the command line' : path;
  return jsonOf(text, {
    code: 'bad-input',
    where: `the query (${place})`,
    message: `the query is not JSON: ${place}`,
    ...(text.trim() === '' ? { found: 'nothing' } : {}),
    todo: 'recall-tui recall USER --json | jq .query writes one',
  });
};
