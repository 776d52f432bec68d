import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { readText } from '../../base/text-file.ts';
import type { ServedColumns } from '../../domain/served/columns.ts';
import { requestProblem } from '../../domain/served/table.ts';
import type { ServedRequest } from '../../domain/served/served.ts';
import { RecallError } from '../../errors.ts';
import { parseRow } from '../../ingest/tables/jsonl.ts';
import { isServedTable, readServedTable } from '../../ingest/tables/served-table.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../../console/command.ts';
import { readTime, timeHint } from '../../base/time.ts';
import { placeOf } from '../../workspace/places.ts';

/** An id that is a number is read as its text, as in every other format. */
const id = z.union([
  z.string().min(1),
  z.number().refine(Number.isSafeInteger, 'expected a whole number below 2^53').transform(String),
]);

const line = z.looseObject({
  user: id,
  time: z.union([z.number(), z.string()]),
  list: z.array(id),
  scores: z.array(z.number()).nullish(),
  channels: z.array(z.string()).nullish(),
});

const shape =
  '{"user", "time" (ISO-8601 or ms), "list": [ad ids, best first], "scores"?, "channels"?}, one JSON object a line';

const none = (): RecallError =>
  new RecallError('unsupported', 'this workspace has no serving log', {
    expected: `"served": {"file": "served.jsonl"} (or .csv, .tsv, .parquet; or {"table", "columns"} of the sample's SQLite file) in recall.json, or --log FILE; ${shape}`,
    found: 'neither',
    todo: 'name the log of what was served',
  });

const empty = (where: string): RecallError =>
  new RecallError('bad-input', `${where}: no request in the serving log`, { expected: shape, found: 'an empty file' });

/**
 * The served lists: from `--log`, else from the manifest (`served`: a file, or a table or SELECT of the sample's SQLite
 * file), in its order. With `userId` a faulty line of another user is passed over. Throws `unsupported` without one,
 * `bad-input` naming file and line, `bad-sample`.
 */
export const readServed = async (
  { dir, manifest: { served, sample } }: Pick<Workspace, 'dir' | 'manifest'>,
  log: string | undefined,
  { tools, signal }: Pick<CommandContext, 'tools' | 'signal'>,
  userId?: string,
): Promise<ServedRequest[]> => {
  if (log !== undefined) return fromFile(resolve(log), undefined, signal, userId);
  if (served === null) throw none();
  const { file, table, sql, columns } = served;
  if (file !== undefined) return fromFile(placeOf(dir, file), columns, signal, userId);
  const from = table ?? (sql === undefined ? null : { sql });
  if (from === null || columns === undefined || sample === null) throw none();
  const path = placeOf(dir, sample.file);
  const requests = tools.readServedRows(path, from, columns);
  if (requests.length === 0) throw empty(`${path}, ${table ?? 'the SELECT of served.sql'}`);
  return requests;
};

const fromFile = async (
  path: string,
  columns: ServedColumns | undefined,
  signal: AbortSignal,
  userId: string | undefined,
): Promise<ServedRequest[]> => {
  const unreadable = (cause: unknown): RecallError =>
    cause instanceof RecallError
      ? cause
      : new RecallError('bad-input', `cannot read the serving log ${path}`, {
          expected: shape,
          found: cause instanceof Error ? cause.message : String(cause),
          cause,
        });
  if (isServedTable(path))
    await access(path).catch((cause: unknown) => {
      throw unreadable(cause);
    });
  const requests = isServedTable(path)
    ? await readServedTable(path, columns, signal)
    : requestLines(
        await readText(path).catch((cause: unknown) => {
          throw unreadable(cause);
        }),
        path,
        userId,
      );
  if (requests.length === 0) throw empty(path);
  return requests;
};

const requestLines = (text: string, path: string, userId: string | undefined): ServedRequest[] =>
  text.split(/\r?\n/).flatMap((content, i) => {
    if (content.trim() === '') return [];
    const row = parseRow(content);
    const user = id.safeParse(row?.['user']);
    try {
      return [parseLine(row, content, `${path}, line ${i + 1}`)];
    } catch (error) {
      // A fault in the line of one user must not keep the others from their answers.
      if (error instanceof RecallError && userId !== undefined && user.success && user.data !== userId) return [];
      throw error;
    }
  });

const parseLine = (row: unknown, content: string, where: string): ServedRequest => {
  const bad = (found: string): RecallError =>
    new RecallError('bad-input', `${where}: not a served request`, {
      expected: shape,
      found,
      todo: 'correct the line',
    });
  const parsed = line.safeParse(row);
  if (!parsed.success)
    throw bad(
      `${parsed.error.issues[0]?.path.map(String).join('.') || 'the line'}: ${parsed.error.issues[0]?.message ?? content.slice(0, 60)}`,
    );
  const { user, time, list, scores = null, channels = null } = parsed.data;
  const at = readTime(time);
  if (at === null) throw bad(`time: ${timeHint(time) ?? String(time)}`);
  const request = { userId: user, at, list, scores, channels };
  const problem = requestProblem(request);
  if (problem !== null) throw bad(problem);
  return request;
};
