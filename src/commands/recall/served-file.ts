import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { readText } from '../../base/text-file.ts';
import type { ServedColumns } from '../../domain/served/columns.ts';
import { eachRead, requestProblem } from '../../domain/served/table.ts';
import type { ServedLog, ServedRequest } from '../../domain/served/served.ts';
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
 * file), in its order, and the lines that are no request. Throws `unsupported` without one, `bad-input` naming file and
 * line where no line is a request or a fault is of no one request, `bad-sample`.
 */
export const readServed = async (
  { dir, manifest: { served, sample } }: Pick<Workspace, 'dir' | 'manifest'>,
  log: string | undefined,
  { tools, signal }: Pick<CommandContext, 'tools' | 'signal'>,
): Promise<ServedLog> => {
  if (log !== undefined) return fromFile(resolve(log), undefined, signal);
  if (served === null) throw none();
  const { file, table, sql, columns } = served;
  if (file !== undefined) return fromFile(placeOf(dir, file), columns, signal);
  const from = table ?? (sql === undefined ? null : { sql });
  if (from === null || columns === undefined || sample === null) throw none();
  const path = placeOf(dir, sample.file);
  const read = await tools.readServedSelect(path, from, columns, signal);
  return someOf(read, `${path}, ${table ?? 'the SELECT of served.sql'}`);
};

const someOf = (log: ServedLog, where: string): ServedLog => {
  if (log.requests.length === 0) throw log.faults[0]?.error ?? empty(where);
  return log;
};

const fromFile = async (path: string, columns: ServedColumns | undefined, signal: AbortSignal): Promise<ServedLog> => {
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
  const log = isServedTable(path)
    ? await readServedTable(path, columns, signal)
    : requestLines(
        await readText(path).catch((cause: unknown) => {
          throw unreadable(cause);
        }),
        path,
      );
  return someOf(log, path);
};

const requestLines = (text: string, path: string): ServedLog =>
  eachRead(
    text
      .split(/\r?\n/)
      .flatMap((content, i) =>
        content.trim() === '' ? [] : [{ content, row: parseRow(content), where: `${path}, line ${i + 1}` }],
      ),
    ({ row }) => {
      const user = id.safeParse(row?.['user']);
      return user.success ? user.data : null;
    },
    ({ content, row, where }) => parseLine(row, content, where),
  );

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
