import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { ServedRequest } from '../domain/served.ts';
import { RecallError } from '../errors.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { parseTime } from './time.ts';

const line = z.looseObject({
  user: z.string().min(1), time: z.union([z.number(), z.string()]), list: z.array(z.string().min(1)).min(1),
  scores: z.array(z.number()).nullish(), channels: z.array(z.string()).nullish(),
});

const shape = '{"user", "time" (ISO-8601 or ms), "list": [ad ids, best first], "scores"?, "channels"?}, one JSON object a line';

/** The serving log of `--log`, else of the manifest (`served.file`), in its order. Throws `unsupported` without one, `bad-input` naming file and line. */
export const readServed = async (workspace: Workspace, file: string | undefined): Promise<ServedRequest[]> => {
  const named = workspace.manifest.served?.file;
  if (file === undefined && named === undefined) {
    throw new RecallError('unsupported', 'this workspace has no serving log', { expected: `"served": {"file": "served.jsonl"} in recall.json, or --log FILE; ${shape}`, found: 'neither', todo: 'name the log of what was served' });
  }
  const path = file === undefined ? resolve(workspace.dir, named ?? '') : resolve(file);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RecallError('bad-input', `cannot read the serving log ${path}`, { expected: shape, found: cause instanceof Error ? cause.message : String(cause), cause });
  });
  const requests = text.replace(/^\uFEFF/, '').split(/\r?\n/).flatMap((content, i) => (content.trim() === '' ? [] : [parseLine(content, `${path}, line ${i + 1}`)]));
  if (requests.length === 0) throw new RecallError('bad-input', `${path}: no request in the serving log`, { expected: shape, found: 'an empty file' });
  return requests;
};

const parseLine = (content: string, where: string): ServedRequest => {
  const bad = (found: string): RecallError => new RecallError('bad-input', `${where}: not a served request`, { expected: shape, found, todo: 'correct the line' });
  const parsed = line.safeParse(jsonOf(content));
  if (!parsed.success) throw bad(`${parsed.error.issues[0]?.path.map(String).join('.') || 'the line'}: ${parsed.error.issues[0]?.message ?? content.slice(0, 60)}`);
  const { user, time, list, scores = null, channels = null } = parsed.data;
  const at = parseTime(String(time));
  if (at === null) throw bad(`time: ${String(time)}`);
  if (new Set(list).size !== list.length) throw bad('list: an ad twice');
  for (const [name, values] of [['scores', scores], ['channels', channels]] as const) if (values !== null && values.length !== list.length) throw bad(`${name}: ${values.length} for ${list.length} ads`);
  return { userId: user, at, list, scores, channels };
};

const jsonOf = (content: string): unknown => {
  try { return JSON.parse(content); } catch { return null; }
};
