import type { Result } from '../../../src/answers/answers.ts';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareCommand } from '../../../src/commands/recall/compare.ts';
import { openRowsFile, type RowsHeader } from '../../../src/commands/recall/rows-file.ts';
import type { CompareRow } from '../../../src/domain/compare-all/rows.ts';
import { RecallError } from '../../../src/errors.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { openDemo, testTools } from '../../support/demo.ts';

let workspace: Workspace;
let dir: string;
let path: string;
let bytes: Buffer;
let whole: unknown;
let header: RowsHeader;
let ads: number;

const report = (file: string): Promise<Result> =>
  compareCommand.run(
    {
      workspace: () => Promise.resolve(workspace),
      tools: testTools,
      signal: new AbortController().signal,
      progress: () => undefined,
      baseQuery: null,
      stdin: () => Promise.resolve(''),
      env: {},
    },
    { all: true, users: '130', k: 5, ef: 40, modes: 'popular,model', workers: 0, resume: file },
  );

const figures = ({ data }: Result): unknown => JSON.parse(JSON.stringify(data));

beforeAll(async () => {
  workspace = await openDemo();
  dir = await mkdtemp(join(tmpdir(), 'recall-rows-'));
  path = join(dir, 'rows.jsonl');
  whole = figures(await report(path));
  bytes = readFileSync(path);
  const first: { header: RowsHeader } = JSON.parse(bytes.toString('utf8', 0, bytes.indexOf(10)));
  ({ header } = first);
  ads = workspace.catalog.adCount;
}, 120_000);
afterAll(async () => {
  await workspace.close();
  await rm(dir, { recursive: true, force: true });
});

const open = (
  content: Uint8Array | string,
): { found: ReadonlyMap<string, readonly CompareRow[]>; notices: readonly string[] } => {
  writeFileSync(path, content);
  const file = openRowsFile(path, header, ads);
  file.close();
  return file;
};

const changed = (at: number, to: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = to;
  return copy;
};

/** The bytes with a text of them replaced once, of the same length or not. */
const edited = (from: string, to: string): Buffer => {
  const text = bytes.toString('utf8');
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, to));
};

const refusal = (run: () => unknown): RecallError => {
  try {
    run();
  } catch (error) {
    if (error instanceof RecallError) return error;
    throw error;
  }
  throw new Error('it was read');
};

/** Line `number` with its rows changed and its checksum made anew: what only a program can write. */
const resealed = (number: number, change: (text: string) => string): string => {
  const lines = bytes.toString('utf8').split('\n');
  const body = change((lines[number - 1] ?? '').slice('{"sha256":"","rows":'.length + 64, -1));
  lines[number - 1] = `{"sha256":"${createHash('sha256').update(body).digest('hex')}","rows":${body}}`;
  return lines.join('\n');
};

describe('the file of compare --resume', () => {
  it('gives only the rows that were written, or an error, whichever byte is changed', () => {
    const intact = open(bytes).found;
    expect([...intact.values()].flat()).toHaveLength(130);
    const ends = [...bytes.keys()].filter((at) => bytes[at] === 10);
    const position = fc.oneof(
      fc.integer({ min: 0, max: bytes.length - 1 }),
      fc.integer({ min: 0, max: ends[0] ?? 0 }),
      fc.constantFrom(...ends.flatMap((at) => [at - 1, at, Math.min(at + 1, bytes.length - 1)])),
    );
    const seen = { refused: 0, dropped: 0 };
    fc.assert(
      fc.property(
        position,
        fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(10, 13, 34, 48, 57, 125)),
        (at, to) => {
          fc.pre(bytes[at] !== to);
          try {
            const { found, notices } = open(changed(at, to));
            for (const [user, rows] of found) expect(rows).toEqual(intact.get(user));
            expect(found.size).toBeLessThan(intact.size);
            // Nobody tells of a last line that was torn.
            if (at < bytes.length - 1) expect(notices).toEqual([expect.stringMatching(/lines? [\d, ]+ damaged/)]);
            seen.dropped += 1;
          } catch (error) {
            expect(error).toBeInstanceOf(RecallError);
            expect(error).toMatchObject({
              code: 'bad-input',
              exitCode: 2,
              message: expect.stringContaining(path),
              found: expect.any(String),
              todo: expect.any(String),
            });
            expect(at).toBeLessThanOrEqual(ends[0] ?? 0);
            seen.refused += 1;
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(seen.refused).toBeGreaterThan(20);
    expect(seen.dropped).toBeGreaterThan(20);
  }, 60_000);

  it('gives the same report after a changed key or digit, with a notice that names file and line', async () => {
    const second = bytes.indexOf(10) + 1;
    const digit = bytes.indexOf('"ads":[', second) + '"ads":['.length;
    for (const content of [
      edited('"via"', '"vib"'),
      changed(digit, bytes[digit] === 49 ? 50 : 49),
      changed(second, 0),
      changed(bytes.indexOf(10, second), 32),
    ]) {
      writeFileSync(path, content);
      const result = await report(path);
      expect(figures(result)).toEqual(whole);
      expect(result.notices).toEqual([
        expect.stringMatching(/rows\.jsonl: line 2 damaged \(the checksum does not hold\)/),
      ]);
      // What was measured again is there for the next time.
      expect([...open(readFileSync(path)).found.values()].flat()).toHaveLength(130);
    }
  }, 120_000);

  it('says which field of which line is wrong where the checksum holds', () => {
    const cases: ReadonlyArray<readonly [change: (text: string) => string, found: RegExp]> = [
      [(text) => text.replace('"via":', '"vib":'), /^rows\[0\]\.a\.via: /],
      [(text) => text.replace('"ads":[', '"ads":[-1,'), /^rows\[0\]\.a\.ads\[0\]: /],
      [(text) => text.replace('"ads":[', '"ads":[99999999,'), /^rows\[0\]\.a\.ads\[0\]: /],
      [(text) => text.replace('"via":"', '"via":"4'), /^rows\[0\]\.a\.via: not as many/],
      [(text) => text.replace('"values":[', '"values":[0,'), /^rows\[0\]\.a\.values: /],
      [() => '[]', /^rows: /],
      [() => '7', /^rows: /],
    ];
    for (const [change, found] of cases) {
      const error = refusal(() => open(resealed(3, change)));
      expect(error.message).toBe(`line 3 of ${path} holds no rows of this comparison`);
      expect(error).toMatchObject({ exitCode: 2, found: expect.stringMatching(found) });
    }
  });

  it('fails by name where it is of an older version', () => {
    const error = refusal(() =>
      open(`${JSON.stringify({ ...header, format: 'recall-tui/compare-rows@1' })}\n{"rows":[]}\n`),
    );
    expect(error).toMatchObject({
      exitCode: 2,
      expected: 'recall-tui/compare-rows@2',
      found: 'recall-tui/compare-rows@1',
    });
  });

  it('stays as it is where it is another file, with or without a line end', () => {
    for (const content of ['my own notes', '{"a":1}', 'id,title\n1,x', '\n', '\0']) {
      expect(refusal(() => open(content)).exitCode).toBe(2);
      expect(readFileSync(path, 'utf8')).toBe(content);
    }
  });
});
