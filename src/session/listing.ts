import type { SessionRow } from '../answers/session.ts';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit } from '../base/order.ts';
import { openRegular } from '../base/regular-file.ts';
import { RecallError } from '../errors.ts';
import type { SessionStep } from './format.ts';
import { readSession } from './read.ts';

/** Session files of the folders, each once, in code-unit order of path. */
export const sessionFiles = async (folders: readonly string[]): Promise<string[]> => {
  const found = new Set<string>();
  for (const dir of folders) {
    if (existsSync(dir)) for (const name of await readdir(dir)) if (name.endsWith('.jsonl')) found.add(join(dir, name));
  }
  return [...found].sort(byCodeUnit);
};

/** Enough of a file to tell what it is. */
const headBytes = 512;

const isSession = async (path: string): Promise<boolean> => {
  const file = await openRegular(path).catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(headBytes) });
    return buffer.subarray(0, bytesRead).includes('"recall-tui/session@');
  } catch {
    return false;
  } finally {
    await file.close();
  }
};

/** The sessions among the files of a folder that also holds others; none where it cannot be read. */
export const sessionsAmong = async (folder: string): Promise<string[]> => {
  const files = await sessionFiles([folder]).catch(() => []);
  const told = await Promise.all(files.map(isSession));
  return files.filter((_, i) => told[i]);
};

/** Where a recording can go that has no name yet: `session.jsonl`, `session-2.jsonl`, … in the current folder. */
export const freeSessionFile = (): string => {
  let [name, number] = ['session.jsonl', 1];
  while (existsSync(name)) {
    number += 1;
    name = `session-${number}.jsonl`;
  }
  return name;
};

const words = (step: SessionStep): string[] => [
  step.command,
  ...(step.notes ?? []),
  ...Object.values(step.args).flat().map(String),
  ...(step.expect?.present ?? []).map(({ adId }) => adId),
  ...(step.expect?.absent ?? []),
  step.expect?.verdict ?? '',
  step.expect?.topGroup ?? '',
];

/** One row a file; `match` finds a text in the path, the notes, the commands, the ads and verdicts asked about. */
export const listSessions = async (paths: readonly string[], match?: string): Promise<SessionRow[]> => {
  const rows: SessionRow[] = [];
  const wanted = match?.toLowerCase();
  for (const path of paths) {
    const { size } = await stat(path);
    try {
      const { header, steps } = await readSession(path);
      const texts = [path, header.note, ...steps.flatMap(words)];
      if (wanted !== undefined && !texts.some((text) => text.toLowerCase().includes(wanted))) continue;
      rows.push({
        path,
        note: header.note,
        steps: steps.length,
        expectations: steps.filter(({ expect }) => expect !== undefined).length,
        commands: [...new Set(steps.map(({ command }) => command))],
        tool: header.tool,
        bytes: size,
        problem: null,
      });
    } catch (error) {
      if (!(error instanceof RecallError)) throw error;
      if (wanted !== undefined && !path.toLowerCase().includes(wanted)) continue;
      rows.push({
        path,
        note: '',
        steps: 0,
        expectations: 0,
        commands: [],
        tool: '',
        bytes: size,
        problem: error.message,
      });
    }
  }
  return rows;
};
