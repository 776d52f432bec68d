import { RecallError } from '../errors.ts';
import { parseJsonLine, readLines, type SourceLine } from './lines.ts';

/** Which step a line is, or amends; 0 amends the header. */
export interface LineKey {
  readonly kind: 'step' | 'amends';
  readonly number: number;
}

export interface IndexedStep {
  readonly number: number;
  readonly line: SourceLine;
  readonly amendments: SourceLine[];
}

/** Where everything of a session stands; nothing of its steps is parsed. */
export interface SessionIndex<First> {
  /** The parsed first line; null: there is none. */
  readonly first: First | null;
  readonly notices: readonly string[];
  readonly steps: readonly IndexedStep[];
  /** Place of a step in `steps`, by its number. */
  readonly places: ReadonlyMap<number, number>;
  readonly headerAmendments: readonly SourceLine[];
}

export interface IndexReader<First> {
  /** Parses the first line; throws when it does not begin a session. */
  first(json: unknown, where: string): First;
  /** Reads the key of a line whose beginning does not show it. */
  key(first: First, json: unknown, where: string): LineKey;
}

/** The beginning of a line as the tool writes it; a line with another field in front is parsed in full. */
const beginning = /^\{"(step|amends)":(0|[1-9]\d{0,14})[,}]/;
const beginningBytes = 32;

const peeked = ({ bytes }: SourceLine): LineKey | null => {
  const [, kind, number] = beginning.exec(bytes.toString('latin1', 0, beginningBytes)) ?? [];
  if (kind === undefined || (kind === 'step' && number === '0')) return null;
  return { kind: kind === 'step' ? 'step' : 'amends', number: Number(number) };
};

interface Building {
  readonly steps: IndexedStep[];
  readonly places: Map<number, number>;
  readonly headerAmendments: SourceLine[];
}

const add = (
  { steps, places, headerAmendments }: Building,
  { kind, number }: LineKey,
  line: SourceLine,
  where: string,
): void => {
  const place = places.get(number);
  if (kind === 'step') {
    if (place !== undefined)
      throw new RecallError('bad-input', `${where}: step ${number} occurs twice`, { expected: 'every step once' });
    places.set(number, steps.push({ number, line, amendments: [] }) - 1);
    return;
  }
  const amendments = number === 0 ? headerAmendments : steps[place ?? -1]?.amendments;
  if (amendments === undefined)
    throw new RecallError('bad-input', `${where}: the amended step ${number} does not exist`, {
      expected: 'an earlier step',
    });
  amendments.push(line);
};

/** Finds the steps of a session by the beginnings of their lines. Throws `bad-input`. */
export const indexSession = async <First>(path: string, reader: IndexReader<First>): Promise<SessionIndex<First>> => {
  const building: Building = { steps: [], places: new Map(), headerAmendments: [] };
  const notices: string[] = [];
  let first: First | null = null;
  for await (const line of readLines(path)) {
    const where = `${path}:${line.number}`;
    const known = first === null || !line.complete ? null : peeked(line);
    const json = known === null ? jsonOf(line, where, notices) : null;
    if (json === undefined) continue;
    if (first === null) first = reader.first(json, where);
    else add(building, known ?? reader.key(first, json, where), line, where);
  }
  return { first, notices, ...building };
};

/** undefined: torn. Only the last line can be, and only where its end is missing. */
const jsonOf = (line: SourceLine, where: string, notices: string[]): unknown => {
  try {
    return parseJsonLine(line.bytes.toString('utf8'), where);
  } catch (error) {
    if (line.complete) throw error;
    notices.push(`${where}: the last line was cut off while it was written; it is left out`);
    return undefined;
  }
};
