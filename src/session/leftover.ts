import { lstatSync } from 'node:fs';
import { readJson } from '../base/json.ts';
import { readRegularSync } from '../base/regular-file.ts';
import { headerSchema, sessionFormat } from './format.ts';

/** A header is far shorter. */
const mostBytes = 64 * 1024;
const beginning = `{"format":"${sessionFormat}"`;

const isHeader = (line: string): boolean => {
  try {
    return headerSchema.safeParse(readJson(line)).success;
  } catch {
    return false;
  }
};

/**
 * The file is what a recorder leaves that was killed before its first step: nothing, a header, or a part of one. No
 * answer is lost with it. Whoever asks holds its lock: no living recorder is about to write the first step.
 */
export const isLeftover = (path: string): boolean => {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true || stats.size > mostBytes) return false;
  const text = readRegularSync(path).toString('utf8');
  if (text === '') return true;
  const [line = '', ...rest] = text.split('\n');
  if (rest.length === 0) return text.startsWith(beginning) || beginning.startsWith(text);
  return rest.length === 1 && rest[0] === '' && isHeader(line);
};
