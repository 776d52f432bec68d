import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseRow, readJsonl } from '../../../src/ingest/tables/jsonl.ts';
import { lineBatches, maxLineLength } from '../../../src/ingest/tables/lines.ts';
import { fileCounter, rejectLog } from '../../../src/ingest/tables/report.ts';
import { readTable } from '../../../src/ingest/tables/table.ts';

const dir = mkdtempSync(join(tmpdir(), 'recall-lines-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const read = { encoding: 'utf-8', onBytes: () => undefined, signal: new AbortController().signal } as const;
const written = (name: string, content: string | Uint8Array): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};
const linesOf = async (path: string): Promise<Array<{ line: number; text: string }>> => {
  const lines: Array<{ line: number; text: string }> = [];
  for await (const batch of lineBatches(path, read)) lines.push(...batch);
  return lines;
};

describe('a long line', () => {
  it('is joined once: 16 times the length takes no 100 times the processor', async () => {
    const cost = async (mb: number): Promise<number> => {
      const text = `{"title":"${'x'.repeat(mb * 2 ** 20)}"}`;
      const path = written('long.jsonl', `first\n${text}\r\nlast`);
      const before = process.cpuUsage();
      const lines = await linesOf(path);
      const { user, system } = process.cpuUsage(before);
      expect(lines.map(({ line }) => line)).toEqual([1, 2, 3]);
      expect(lines[1]?.text === text).toBe(true);
      return user + system;
    };
    await cost(1);
    // Each chunk of 256 KB joined to all before would be 16² times the cost.
    expect((await cost(16)) / Math.max(20_000, await cost(1))).toBeLessThan(100);
  });

  it('is refused beyond the limit with its number, and the way to write an array as lines', async () => {
    const longer = written('longer.jsonl', `{}\n${'x'.repeat(maxLineLength + 1)}`);
    await expect(linesOf(longer)).rejects.toMatchObject({
      code: 'bad-input',
      message: 'longer.jsonl: line 2 is longer than 64 MB',
      todo: 'write one row a line',
    });
    const packed = written('array.jsonl.gz', gzipSync(`[${'{"ad_id":"a"},'.repeat(5_000_000)}{}]`, { level: 1 }));
    await expect(linesOf(packed)).rejects.toMatchObject({
      message: 'array.jsonl.gz: line 1 is longer than 64 MB',
      todo: expect.stringContaining('jq -c ".[]"'),
    });
  });

  it('is read where it is one number or one text', () => {
    const long = 8 * 2 ** 20;
    expect(parseRow(`{"id":${'7'.repeat(long)},"n":NaN}`)).toEqual({ id: '7'.repeat(long), n: null });
    expect(parseRow(`{"a":1234567890123456789,"t":"${'NaN \\"'.repeat(long / 8)}"}`)?.['a']).toBe(
      '1234567890123456789',
    );
    expect(parseRow('{"a":1234567890123456.5,"b":-1234567890123456,"c":"1234567890123456 NaN","d":-Infinity}')).toEqual(
      {
        a: 1234567890123456.5,
        b: '-1234567890123456',
        c: '1234567890123456 NaN',
        d: null,
      },
    );
  });
});

describe('a packed file', () => {
  it('is refused with the ratio where it unpacks to an unlikely size', async () => {
    const part = gzipSync(Buffer.alloc(32 * 2 ** 20, `${'ab'.repeat(50_000)}\n`));
    const path = written('bomb.csv.gz', Buffer.concat(Array.from({ length: 12 }, () => part)));
    await expect(linesOf(path)).rejects.toMatchObject({
      code: 'bad-input',
      message: 'bomb.csv.gz unpacks to more than 200 times its size',
      found: expect.stringMatching(/^2\d\d MB so far, of a file of 0\.\d MB$/),
    });
  });
});

describe('a table of very many columns', () => {
  it('is laid out without comparing each name with each', async () => {
    const names = Array.from({ length: 200_000 }, (_, i) => `c${i}`);
    const path = written('wide.csv', `user_id,${names.join(',')}\nu1,${names.map(() => '1').join(',')}\n`);
    const rows: number[] = [];
    const shape = { columns: ['user_id'], header: true, select: (all: readonly string[]) => all.slice(1) };
    await readTable(path, shape, read, fileCounter('wide.csv', rejectLog(null)), (values) => {
      rows.push(values.length);
      return null;
    });
    expect(rows).toEqual([200_001]);
  });

  it('is refused as JSON lines where ids are names of fields', async () => {
    const path = written('ids.jsonl', Array.from({ length: 5_000 }, (_, i) => `{"user_id":"u","${i}":1}`).join('\n'));
    const shape = { columns: ['user_id'], header: true };
    await expect(readJsonl(path, shape, read, fileCounter('ids.jsonl', rejectLog(null)), () => null)).rejects.toThrow(
      'ids.jsonl has more than 4096 different fields',
    );
  });
});
