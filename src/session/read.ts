import type { z } from 'zod';
import { RecallError } from '../errors.ts';
import { joinExpectations } from './expect-build.ts';
import { amendmentSchema, headerSchema, sessionFormat, stepSchema, type Session, type SessionHeader, type SessionStep } from './format.ts';
import { parseJsonLine, readLines, type SourceLine } from './lines.ts';

export interface ReadSession extends Session {
  readonly path: string;
  /** What was dropped or mended while reading. */
  readonly notices: readonly string[];
  /** Line of the file a step stands on, from 1, by the step's number. */
  readonly lines: ReadonlyMap<number, number>;
}

interface Reader {
  header(json: unknown, where: string): SessionHeader;
  /** The number of the step that stands on this line; null: it amends one. */
  line(json: unknown, where: string, into: Building): number | null;
}

interface Building { header: SessionHeader; readonly steps: SessionStep[]; readonly byNumber: Map<number, number> }

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = <T>(schema: z.ZodType<T>, json: unknown, where: string, what: string): T => {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new RecallError('bad-input', `${where}: not ${what}`, { expected: issue?.message ?? what, found: `at ${JSON.stringify(issue?.path.map(String).join('.') || 'the line')}`, todo: 'the schema stands beside the code: session.schema.json' });
};

const version1: Reader = {
  header: (json, where) => parsed(headerSchema, json, where, 'a header of a session'),
  line: (json, where, into) => {
    if (isRecord(json) && json['amends'] !== undefined) {
      amend(parsed(amendmentSchema, json, where, 'an amendment of a step'), where, into);
      return null;
    }
    const step = parsed(stepSchema, json, where, 'a step of a session');
    if (into.byNumber.has(step.step)) throw new RecallError('bad-input', `${where}: step ${step.step} is there already`, { expected: 'every step once' });
    into.byNumber.set(step.step, into.steps.push(step) - 1);
    return step.step;
  },
};

const amend = ({ amends, expect, note }: z.infer<typeof amendmentSchema>, where: string, into: Building): void => {
  if (amends === 0) {
    into.header = { ...into.header, note: [into.header.note, note ?? ''].filter((text) => text !== '').join('\n') };
    return;
  }
  const at = into.byNumber.get(amends);
  const step = at === undefined ? undefined : into.steps[at];
  if (at === undefined || step === undefined) throw new RecallError('bad-input', `${where}: amends step ${amends}, which is not there`, { expected: 'an earlier step' });
  into.steps[at] = {
    ...step, ...(expect === undefined ? {} : { expect: joinExpectations(step.expect, expect) }), ...(note === undefined ? {} : { notes: [...(step.notes ?? []), note] }),
  };
};

/** Every version ever written is read forever. */
const readers: Readonly<Record<string, Reader>> = { [sessionFormat]: version1 };

const readerOf = (json: unknown, where: string): Reader => {
  const format = isRecord(json) && typeof json['format'] === 'string' ? json['format'] : null;
  const reader = format !== null && Object.hasOwn(readers, format) ? readers[format] : undefined;
  if (reader !== undefined) return reader;
  const newer = format !== null && format.startsWith('recall-tui/session@');
  throw new RecallError('bad-input', newer ? `${where}: a session of a version this program does not know` : `${where}: not a session`, {
    expected: `a first line with "format": ${Object.keys(readers).map((name) => JSON.stringify(name)).join(' or ')}`,
    found: format === null ? 'no format' : JSON.stringify(format.slice(0, 60)), ...(newer ? { todo: 'update recall-tui' } : {}),
  });
};

/** Reads a session, streaming. A last line that was torn by a crash is dropped with a notice. Throws `bad-input`. */
export const readSession = async (path: string): Promise<ReadSession> => {
  const notices: string[] = [];
  const lines = new Map<number, number>();
  let reader: Reader | null = null;
  let building: Building | null = null;
  for await (const line of readLines(path)) {
    const where = `${path}:${line.number}`;
    const json = jsonOf(line, where, notices);
    if (json === undefined) continue;
    if (reader === null || building === null) {
      reader = readerOf(json, where);
      building = { header: reader.header(json, where), steps: [], byNumber: new Map() };
      continue;
    }
    const step = reader.line(json, where, building);
    if (step !== null) lines.set(step, line.number);
  }
  if (building === null) throw new RecallError('bad-input', `${path}: no session`, { expected: `a first line with "format": "${sessionFormat}"`, found: notices.length > 0 ? 'a torn first line' : 'an empty file' });
  return { path, header: building.header, steps: building.steps, notices, lines };
};

/** undefined: torn. Only the last line can be, and only where its end is missing. */
const jsonOf = (line: SourceLine, where: string, notices: string[]): unknown => {
  try {
    return parseJsonLine(line.text, where);
  } catch (error) {
    if (line.complete) throw error;
    notices.push(`${where}: the last line was cut off while it was written; it is left out`);
    return undefined;
  }
};
