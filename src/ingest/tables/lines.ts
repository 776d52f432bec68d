import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { streamRegular } from '../../base/regular-file.ts';
import { markOf } from '../../base/text-file.ts';
import { RecallError, systemReason } from '../../errors.ts';

export type SourceEncoding = 'utf-8' | 'latin-1';

export interface SourceLine {
  readonly line: number;
  readonly text: string;
}

export interface ReadOptions {
  readonly encoding: SourceEncoding;
  /** Bytes of the file read so far, and its size. */
  readonly onBytes: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** U+FFFD: what an invalid byte decodes to. A line that holds it cannot be trusted. */
export const isDamaged = (text: string): boolean => text.includes('\ufffd');

const listed = (dir: string): string => {
  const names = readdirSync(dir)
    .sort()
    .map((name) => name.replace(/\p{Cc}/gu, '.'));
  return names.length === 0 ? 'an empty folder' : names.slice(0, 20).join(', ') + (names.length > 20 ? ', …' : '');
};

/** `<dir>/<name>` or `<dir>/<name>.gz`; null where neither is there. */
export const findSource = (dir: string, name: string): string | null =>
  [join(dir, name), join(dir, `${name}.gz`)].find((path) => existsSync(path)) ?? null;

/** Names a table may have, by what its extension means. Text may be packed as `.gz` besides. */
export const tableExtensions = ['csv', 'tsv', 'jsonl', 'ndjson', 'parquet'] as const;

/**
 * The one file of a table: `<dir>/<base>.csv`, `.tsv`, `.jsonl`, `.ndjson` (each also `.gz`) or `.parquet`; null
 * where there is none. Throws `bad-input` for several.
 */
export const findTable = (dir: string, base: string): string | null => {
  const found = tableExtensions
    .map((extension) => `${base}.${extension}`)
    .filter((name) => findSource(dir, name) !== null);
  if (found.length < 2) return found[0] ?? null;
  throw new RecallError('bad-input', `${dir} has ${base} more than once`, {
    expected: `one file of ${base}`,
    found: found.join(', '),
    todo: 'keep one of them in the folder',
  });
};

export const requireSource = (dir: string, name: string): string => {
  const path = findSource(dir, name);
  if (path !== null) return path;
  throw new RecallError('bad-input', `${name} is missing in ${dir}`, {
    expected: `${name} or ${name}.gz`,
    found: listed(dir),
    todo: 'name the folder that holds the files of this format',
  });
};

export const requireFolder = (dir: string): void => {
  let found = 'nothing';
  try {
    if (statSync(dir).isDirectory()) return;
    found = 'a file';
  } catch {
    /* nothing there: reported below */
  }
  throw new RecallError('bad-input', `the source ${dir} is not a folder`, {
    expected: 'a folder',
    found,
    todo: 'give the folder that holds the files, not one of them',
  });
};

const wrongEncoding = (path: string, found: string): RecallError =>
  new RecallError('bad-input', `${basename(path)} is not UTF-8 text`, {
    expected: 'UTF-8',
    found,
    todo: `convert it first: iconv -f ${found.startsWith('UTF-16') ? 'UTF-16' : 'latin1'} -t UTF-8`,
  });

/** UTF-16 of plain text has a NUL in every other byte; a few are no encoding, so no conversion takes them away. */
const hasNul = (path: string, start: Buffer, at: number): RecallError => {
  const nuls = start.reduce((n, byte) => n + (byte === 0 ? 1 : 0), 0);
  if (nuls > start.length / 4) return wrongEncoding(path, 'UTF-16 (every other byte is NUL)');
  const line = start.subarray(0, at).reduce((n, byte) => n + (byte === 10 ? 1 : 0), 1);
  return new RecallError('bad-input', `${basename(path)} is not text`, {
    expected: 'text without NUL bytes',
    found: `a NUL at byte ${at}, in line ${line}`,
    todo: "write the file again; if only the NULs are wrong: tr -d '\\000' < FILE > OTHER",
  });
};

const checkStart = (path: string, chunk: Buffer): void => {
  if (markOf(chunk)?.startsWith('utf-16') === true) return;
  const start = chunk.subarray(0, 4_096);
  const at = start.indexOf(0);
  if (at >= 0) throw hasNul(path, start, at);
};

/** By the mark of its first bytes, which wins over what the format expects. */
const decoder = (encoding: SourceEncoding, first: Buffer): ((chunk: Buffer | null) => string) => {
  const mark = markOf(first);
  if (mark === null && encoding === 'latin-1') return (chunk) => chunk?.toString('latin1') ?? '';
  const text = new TextDecoder(mark ?? 'utf-8');
  return (chunk) => (chunk === null ? text.decode() : text.decode(chunk, { stream: true }));
};

const unreadable = (path: string, cause: unknown): RecallError =>
  new RecallError('bad-input', `${basename(path)} cannot be read`, {
    expected: path.endsWith('.gz') ? 'a gzip file' : 'a readable file',
    found: cause instanceof Error ? cause.message : String(cause),
    cause,
  });

/** Longest line that is read, in characters: more is no row, and would be held whole. */
export const maxLineLength = 64 * 2 ** 20;
/** A packed file may unpack to this many bytes whatever it was packed from … */
const freelyUnpacked = 256 * 2 ** 20;
/** … and beyond to this many times its size: tables pack to a tenth or a fiftieth, not to a thousandth. */
const mostRatio = 200;

const bomb = (path: string, unpacked: number, total: number): RecallError =>
  new RecallError('bad-input', `${basename(path)} unpacks to more than ${mostRatio} times its size`, {
    expected: `at most ${mostRatio} bytes for each packed one, beyond ${freelyUnpacked / 2 ** 20} MB`,
    found: `${Math.floor(unpacked / 2 ** 20)} MB so far, of a file of ${(total / 2 ** 20).toFixed(1)} MB`,
    todo: 'check that this is the right file; if it is, unpack it first: gzip -d',
  });

/** What to do about the commonest mistake of an export. */
export const arrayAsLines = 'write one object a line (jq -c ".[]" FILE > OTHER.jsonl)';

const tooLong = (path: string, line: number, start: string): RecallError =>
  new RecallError('bad-input', `${basename(path)}: line ${line} is longer than ${maxLineLength / 2 ** 20} MB`, {
    expected: `lines of at most ${maxLineLength / 2 ** 20} MB, one row each`,
    found: `no line end in ${maxLineLength / 2 ** 20} MB`,
    todo: start.trimStart().startsWith('[') ? `it begins as one JSON array: ${arrayAsLines}` : 'write one row a line',
  });

/** Cuts chunks of text into lines. A line that goes on over many chunks is joined once, at its end. */
const cutter = (path: string): ((text: string) => SourceLine[]) => {
  let parts: string[] = [];
  let held = 0;
  let line = 0;
  return (text) => {
    const lines: SourceLine[] = [];
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      const whole = parts.length === 0 ? text.slice(from, at) : parts.join('') + text.slice(from, at);
      lines.push({ line: ++line, text: whole.endsWith('\r') ? whole.slice(0, -1) : whole });
      parts = [];
      held = 0;
      from = at + 1;
    }
    if (from < text.length) {
      parts.push(text.slice(from));
      held += text.length - from;
      if (held > maxLineLength) throw tooLong(path, line + 1, parts[0] ?? '');
    }
    return lines;
  };
};

const sizeOf = (path: string): number => {
  try {
    return statSync(path).size;
  } catch (cause) {
    throw new RecallError('bad-input', `cannot read ${path}`, {
      expected: 'a file that is there and can be read',
      found: cause instanceof Error ? systemReason(cause) : String(cause),
      cause,
    });
  }
};

/**
 * Lines of a text file, LF or CRLF, in batches of one chunk; `.gz` is unpacked, UTF-16 read where a mark says so. Bytes
 * that are not UTF-8 become U+FFFD (`isDamaged`). Throws `bad-input` for a file that cannot be UTF-8 at all, a line longer
 * than `maxLineLength`, and a packed file that unpacks to an unlikely size.
 */
export async function* lineBatches(
  path: string,
  { encoding, onBytes, signal }: ReadOptions,
): AsyncGenerator<readonly SourceLine[]> {
  const total = sizeOf(path);
  const raw = await streamRegular(path, 1 << 18);
  const packed = path.endsWith('.gz');
  const stream = packed ? raw.pipe(createGunzip({ chunkSize: 1 << 18 })) : raw;
  raw.on('error', (error) => stream.destroy(error));
  let decode: ReturnType<typeof decoder> | null = null;
  let unpacked = 0;
  const cut = cutter(path);
  try {
    for await (const chunk of stream) {
      if (signal.aborted) throw new RecallError('cancelled', 'the import was stopped');
      const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      if (decode === null) checkStart(path, bytes);
      decode ??= decoder(encoding, bytes);
      unpacked += bytes.length;
      if (packed && unpacked > freelyUnpacked && unpacked > mostRatio * raw.bytesRead)
        throw bomb(path, unpacked, total);
      yield cut(decode(bytes));
      onBytes(raw.bytesRead, total);
    }
  } catch (cause) {
    throw cause instanceof RecallError ? cause : unreadable(path, cause);
  } finally {
    raw.destroy();
  }
  const last = cut(`${decode?.(null) ?? ''}\n`);
  yield last.length === 1 && last[0]?.text === '' ? [] : last;
}
