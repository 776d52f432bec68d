import { createHash } from 'node:crypto';
import { RecallError, type ErrorCode } from '../errors.ts';
import { byCodeUnit } from './order.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** An object of JSON: neither null nor an array. */
export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The deepest nesting that is read: whatever walks the value later recurses, and the stack ends some thousands down. */
export const maxJsonDepth = 128;
/** Characters of the longest JSON text that is read: its value may take ten times the memory. */
export const maxJsonLength = 64 * 2 ** 20;

export interface JsonLimits {
  readonly depth?: number;
  readonly length?: number;
}

/** JSON beyond a limit; `message` names the field and the limit. */
export class JsonLimitError extends Error {
  readonly expected: string;
  readonly found: string;

  constructor(message: string, expected: string, found: string) {
    super(message);
    this.expected = expected;
    this.found = found;
  }
}

/** Codes of the characters that matter to the nesting. */
const [quote, backslash, openList, closeList, openObject, closeObject] = [34, 92, 91, 93, 123, 125];

/** The first place nested deeper than `most`; −1 where there is none. What stands within strings does not count. */
const tooDeepAt = (text: string, most: number): number => {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === backslash) i += 1;
      else if (c === quote) inString = false;
    } else if (c === quote) inString = true;
    else if (c === openList || c === openObject) {
      depth += 1;
      if (depth > most) return i;
    } else if (c === closeList || c === closeObject) depth -= 1;
  }
  return -1;
};

/** How many names of the way to a place are told. */
const toldNames = 4;

/** The way to a place of a JSON text: the names of the fields around it, the outermost first; '' where none has a name. */
const fieldAt = (text: string, end: number): string => {
  const around: Array<string | null> = [];
  let name: string | null = null;
  for (let i = 0; i < end; i += 1) {
    const c = text.charCodeAt(i);
    if (c === quote) {
      const from = i;
      for (i += 1; i < end && text.charCodeAt(i) !== quote; i += 1) if (text.charCodeAt(i) === backslash) i += 1;
      name = text.slice(from + 1, i);
    } else if (c === openList || c === openObject) {
      around.push(name);
      name = null;
    } else if (c === closeList || c === closeObject) around.pop();
    else if (c === 44) name = null;
  }
  const named = [...around, name].filter((one) => one !== null).map((one) => one.slice(0, 60));
  return named.slice(0, toldNames).join('.') + (named.length > toldNames ? '.…' : '');
};

const inMb = (length: number): string => `${Math.ceil((length / 2 ** 20) * 10) / 10} MB`;

/**
 * `__proto__` as a key is data without a use. A reviver costs more than the parse: only where it is named.
 */
const withoutProto = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value);

/**
 * The one way from a JSON text that is not our own to its value: the text is refused before it is parsed where it is
 * longer or nested deeper than what follows can bear. Throws `JsonLimitError`, `SyntaxError`.
 */
export const readJson = (text: string, { depth = maxJsonDepth, length = maxJsonLength }: JsonLimits = {}): unknown => {
  if (text.length > length)
    throw new JsonLimitError(`longer than ${inMb(length)} of JSON`, `at most ${inMb(length)}`, inMb(text.length));
  // Two characters a level are the least: most texts are too short to be deep.
  const at = text.length > 2 * depth ? tooDeepAt(text, depth) : -1;
  if (at >= 0) {
    const field = fieldAt(text, at);
    throw new JsonLimitError(
      `nested deeper than ${depth} levels${field === '' ? '' : `, in ${field}`}`,
      `at most ${depth} levels of lists and objects`,
      `level ${depth + 1} at character ${at + 1}`,
    );
  }
  return text.includes('__proto__') ? JSON.parse(text, withoutProto) : JSON.parse(text);
};

/** The value of a JSON text; undefined where it is none (`null` is one), or is beyond the limits. */
export const parseJson = (text: string, limits?: JsonLimits): unknown => {
  try {
    return readJson(text, limits);
  } catch {
    return undefined;
  }
};

/** How a text that is no JSON is refused. */
export interface JsonRefusal {
  readonly code: ErrorCode;
  /** What the text is, before a colon: its path. */
  readonly where: string;
  /** Why it is refused, for text that is no JSON at all. */
  readonly message: string;
  readonly expected?: string;
  readonly todo?: string;
  /** In place of the parser's own words. */
  readonly found?: string;
  readonly limits?: JsonLimits;
}

/** The value of a JSON text, or the error that a person can act on, with the field and the limit where it is beyond one. */
export const jsonOf = (text: string, { code, where, message, limits, ...said }: JsonRefusal): unknown => {
  try {
    return readJson(text, limits);
  } catch (cause) {
    if (cause instanceof JsonLimitError)
      throw new RecallError(code, `${where}: ${cause.message}`, {
        expected: cause.expected,
        found: cause.found,
        todo: 'this is beyond what such a file holds: check how it was written',
        cause,
      });
    throw new RecallError(code, message, {
      found: cause instanceof Error ? cause.message : String(cause),
      ...said,
      cause,
    });
  }
};

/** JSON with keys in code-unit order, so that equal values are equal text. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => byCodeUnit(a, b));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
};

/** Lower-case hex. */
export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
