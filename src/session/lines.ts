import { jsonOf } from '../base/json.ts';
import { NotRegularError, streamRegular } from '../base/regular-file.ts';
import { RecallError } from '../errors.ts';
import { unreadable } from './unreadable.ts';

/** A step of the longest list the tool makes stays far below; a file without line ends must not fill the memory. */
export const maxLineBytes = 16 * 1024 * 1024;
/** Steps nest six deep; a file that goes deeper was made to exhaust the stack. */
export const maxDepth = 64;

/** A line that is no blank one, as bytes: without a BOM and its line end. */
export interface SourceLine {
  readonly bytes: Buffer;
  readonly number: number;
  /** Ended by a line end. */ readonly complete: boolean;
}

/** Fewer, larger reads: a long session is opened whole. */
const chunkBytes = 1024 * 1024;
const bom = Buffer.from([0xef, 0xbb, 0xbf]);
const [cr, lf, brace] = [13, 10, 123];

/** null: blank. A line that opens an object is none, and is not decoded to find that out. */
const trimmed = (bytes: Buffer, number: number): Buffer | null => {
  const from = number === 1 && bytes.subarray(0, bom.length).equals(bom) ? bom.length : 0;
  const line = bytes.subarray(from, bytes.at(-1) === cr ? bytes.length - 1 : bytes.length);
  return line[0] !== brace && line.toString('utf8').trim() === '' ? null : line;
};

/** Lines of a file, one at a time; those of one read share its memory. Throws `bad-input`. */
export async function* readLines(path: string): AsyncGenerator<SourceLine> {
  let rest: Buffer[] = [];
  let bytes = 0;
  let number = 0;
  const take = (complete: boolean): SourceLine | null => {
    number += 1;
    const whole = rest.length === 1 && rest[0] !== undefined ? rest[0] : Buffer.concat(rest);
    const line = trimmed(whole, number);
    rest = [];
    bytes = 0;
    return line === null ? null : { bytes: line, number, complete };
  };
  try {
    for await (const chunk of await streamRegular(path, chunkBytes)) {
      if (!Buffer.isBuffer(chunk)) continue;
      let from = 0;
      for (let at = chunk.indexOf(lf); at >= 0; at = chunk.indexOf(lf, from)) {
        rest.push(chunk.subarray(from, at));
        from = at + 1;
        const line = take(true);
        if (line !== null) yield line;
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
      bytes += chunk.length - from;
      if (bytes > maxLineBytes)
        throw new RecallError(
          'bad-input',
          `${path}:${number + 1}: the line is longer than ${maxLineBytes / 1024 / 1024} MB`,
          { expected: 'a session: one JSON object per line', todo: 'check that this is a session file' },
        );
    }
  } catch (error) {
    if (error instanceof RecallError && !(error instanceof NotRegularError)) throw error;
    throw await unreadable(path, error);
  }
  const last = bytes > 0 ? take(false) : null;
  if (last !== null) yield last;
}

/** The JSON of a line; `where` is file:line. Throws `bad-input`. */
export const parseJsonLine = (text: string, where: string): unknown =>
  jsonOf(text, {
    code: 'bad-input',
    where,
    message: `${where}: not JSON`,
    expected: 'one JSON object per line',
    found: JSON.stringify(text.slice(0, 60)),
    limits: { depth: maxDepth },
  });
