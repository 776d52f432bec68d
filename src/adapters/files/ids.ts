import { markOf, readTextBytes } from '../../base/text-file.ts';
import { RecallError } from '../../errors.ts';
import { missingFile } from './missing.ts';

/**
 * A file of ids: UTF-8, or UTF-16 by its byte-order mark; one a line, LF or CRLF, with a last line end or none. Line
 * i + 1 is the id of row i. Throws `missing-artefact`; `bad-input` on other text, a line without an id, an id that is there
 * twice (both lines named).
 */
export const readIds = async (path: string): Promise<string[]> => {
  const ids = linesOf(decode(await readTextBytes(path).catch(missingFile(path)), path));
  if (ids.length === 0) throw badIds(path, 'no id in the file', { expected: 'one id a line', found: 'an empty file' });
  const firstLine = new Map<string, number>();
  for (const [i, id] of ids.entries()) {
    if (id.trim() === '')
      throw badIds(path, `line ${i + 1}: no id`, {
        expected: 'one id a line, no blank lines',
        found: id === '' ? 'an empty line' : 'a line of spaces',
      });
    const before = firstLine.get(id);
    if (before !== undefined)
      throw badIds(path, `lines ${before} and ${i + 1}: the same id`, {
        expected: 'each id once',
        found: `${JSON.stringify(id)} twice`,
      });
    firstLine.set(id, i + 1);
  }
  return ids;
};

const decode = (bytes: Uint8Array, path: string): string => {
  try {
    return new TextDecoder(markOf(bytes) ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new RecallError('bad-input', `${path}: the ids are not UTF-8`, {
      expected: 'UTF-8 text, one id a line',
      found: 'bytes that are not UTF-8',
      todo: 'write it with encoding="utf-8"',
      cause,
    });
  }
};

const linesOf = (text: string): string[] => {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};

const badIds = (path: string, message: string, details: { expected: string; found: string }): RecallError =>
  new RecallError('bad-input', `${path}: ${message}`, {
    ...details,
    todo: 'write one id for each row of the vectors, in the order of the rows',
  });
