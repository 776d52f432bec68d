import type { z } from 'zod';
import { isRecord } from '../base/json.ts';
import { RecallError } from '../errors.ts';
import { joinExpectations } from './expect-build.ts';
import {
  amendmentSchema,
  headerSchema,
  sessionFormat,
  stepSchema,
  type Session,
  type SessionHeader,
  type SessionStep,
} from './format.ts';
import { parseJsonLine, type SourceLine } from './lines.ts';
import { indexSession, type LineKey } from './session-index.ts';

export interface ReadSession extends Session {
  readonly path: string;
  /** Notices about lines that were dropped or repaired. */
  readonly notices: readonly string[];
  /** Line of the file a step stands on, from 1, by the step's number. */
  readonly lines: ReadonlyMap<number, number>;
}

/** A session whose steps are read when they are asked for: opening it costs finding its lines. */
export interface OpenSession {
  readonly path: string;
  readonly header: SessionHeader;
  readonly notices: readonly string[];
  readonly lines: ReadonlyMap<number, number>;
  /** How many steps it has. */
  readonly total: number;
  /** Steps read and checked so far. */
  readonly parsed: () => number;
  /** A step by its place, from 0, with what amends it; undefined beyond the last. Throws `bad-input`. */
  at(place: number): SessionStep | undefined;
  /** Place of a step by its number; undefined: there is none. */
  placeOf(step: number): number | undefined;
}

type Amendment = z.infer<typeof amendmentSchema>;
type Line =
  { readonly kind: 'step'; readonly step: SessionStep } | { readonly kind: 'amends'; readonly amendment: Amendment };

interface Reader {
  header(json: unknown, where: string): SessionHeader;
  line(json: unknown, where: string): Line;
}

const parsed = <T>(schema: z.ZodType<T>, json: unknown, where: string, what: string): T => {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new RecallError('bad-input', `${where}: not ${what}`, {
    expected: issue?.message ?? what,
    found: `at ${JSON.stringify(issue?.path.map(String).join('.') || 'the line')}`,
    todo: 'compare the line with docs/session.schema.json in the recall-tui package',
  });
};

const version1: Reader = {
  header: (json, where) => parsed(headerSchema, json, where, 'a header of a session'),
  line: (json, where) =>
    isRecord(json) && json['amends'] !== undefined
      ? { kind: 'amends', amendment: parsed(amendmentSchema, json, where, 'an amendment of a step') }
      : { kind: 'step', step: parsed(stepSchema, json, where, 'a step of a session') },
};

/** Every version ever written is read forever. */
const readers: Readonly<Record<string, Reader>> = { [sessionFormat]: version1 };

const readerOf = (json: unknown, where: string): Reader => {
  const format = isRecord(json) && typeof json['format'] === 'string' ? json['format'] : null;
  const reader = format !== null && Object.hasOwn(readers, format) ? readers[format] : undefined;
  if (reader !== undefined) return reader;
  const newer = format !== null && format.startsWith('recall-tui/session@');
  throw new RecallError(
    'bad-input',
    newer ? `${where}: the session has a version that this program does not know` : `${where}: not a session`,
    {
      expected: `a first line with "format": ${Object.keys(readers)
        .map((name) => JSON.stringify(name))
        .join(' or ')}`,
      found: format === null ? 'no format' : JSON.stringify(format.slice(0, 60)),
      ...(newer ? { todo: 'update recall-tui' } : {}),
    },
  );
};

const amended = (step: SessionStep, { expect, note }: Amendment): SessionStep => ({
  ...step,
  ...(expect === undefined ? {} : { expect: joinExpectations(step.expect, expect) }),
  ...(note === undefined ? {} : { notes: [...(step.notes ?? []), note] }),
});

const withNote = (header: SessionHeader, { note = '' }: Amendment): SessionHeader => ({
  ...header,
  note: [header.note, note].filter((text) => text !== '').join('\n'),
});

const keyOf = (line: Line): LineKey =>
  line.kind === 'step' ? { kind: 'step', number: line.step.step } : { kind: 'amends', number: line.amendment.amends };

interface Opened {
  readonly reader: Reader;
  readonly header: SessionHeader;
}

/**
 * The line as its index entry announces it; a line with a key that stands twice differs from its entry and is refused.
 */
const lineOf = (path: string, { reader }: Opened, { bytes, number }: SourceLine, expected: LineKey): Line => {
  const where = `${path}:${number}`;
  const line = reader.line(parseJsonLine(bytes.toString('utf8'), where), where);
  const found = keyOf(line);
  if (found.kind === expected.kind && found.number === expected.number) return line;
  throw new RecallError('bad-input', `${where}: a key stands twice in the line`, {
    expected: `${expected.kind} ${expected.number}`,
    found: `${found.kind} ${found.number}`,
  });
};

/**
 * Opens a session. A last line that was torn by a crash is dropped with a notice. Throws `bad-input`; of a step, when
 * it is asked for.
 */
export const openSession = async (path: string): Promise<OpenSession> => {
  const { first, notices, steps, places, headerAmendments } = await indexSession<Opened>(path, {
    first: (json, where) => {
      const reader = readerOf(json, where);
      return { reader, header: reader.header(json, where) };
    },
    key: ({ reader }, json, where) => keyOf(reader.line(json, where)),
  });
  if (first === null)
    throw new RecallError('bad-input', `${path} holds no session`, {
      expected: `a first line with "format": "${sessionFormat}"`,
      found: notices.length > 0 ? 'a torn first line' : 'an empty file',
    });
  const amendments = (lines: readonly SourceLine[], number: number): Amendment[] =>
    lines
      .map((line) => lineOf(path, first, line, { kind: 'amends', number }))
      .flatMap((line) => (line.kind === 'amends' ? [line.amendment] : []));
  const read = (place: number): SessionStep | undefined => {
    const found = steps[place];
    const line =
      found === undefined ? undefined : lineOf(path, first, found.line, { kind: 'step', number: found.number });
    return found === undefined || line?.kind !== 'step'
      ? undefined
      : amendments(found.amendments, found.number).reduce(amended, line.step);
  };
  const known = new Map<number, SessionStep>();
  return {
    path,
    notices,
    total: steps.length,
    header: amendments(headerAmendments, 0).reduce(withNote, first.header),
    lines: new Map(steps.map(({ number, line }) => [number, line.number])),
    parsed: () => known.size,
    placeOf: (step) => places.get(step),
    at: (place) => {
      const step = known.get(place) ?? read(place);
      if (step !== undefined) known.set(place, step);
      return step;
    },
  };
};

/** Every step of an open session. Throws `bad-input`. */
export const wholeSession = (open: OpenSession): Session => ({
  header: open.header,
  steps: Array.from({ length: open.total }, (_, place) => open.at(place)).filter((step) => step !== undefined),
});

/** Reads a session, all of it. Throws `bad-input`. */
export const readSession = async (path: string): Promise<ReadSession> => {
  const open = await openSession(path);
  return { path, ...wholeSession(open), notices: open.notices, lines: open.lines };
};
