import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parseGraph } from '../../src/domain/hnsw/graph.ts';
import { realCli, type Ran } from '../support/real-cli.ts';

/** Index files that ended the process or gave a wrong list once: each has the hash that its manifest names. */
const root = mkdtempSync(join(tmpdir(), 'recall-damaged-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const source = (name: string): string => fileURLToPath(new URL(`${name}/ws`, import.meta.url));
const cache = join(root, '.cache');
const cli = (...argv: string[]): Promise<Ran> => realCli(argv, { XDG_CACHE_HOME: cache });
const damaged = (name: string): string => {
  const dir = join(root, name);
  for (const from of ['fuzz-hnsw-links-far', name]) cpSync(source(from), dir, { recursive: true });
  return dir;
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The index as it was before a row of `fuzz-hnsw-nan-row` was damaged, after `change`; the manifest names its hash. */
const changed = (as: string, change: (bytes: Buffer) => void): string => {
  const dir = join(root, as);
  cpSync(damaged('fuzz-hnsw-nan-row'), dir, { recursive: true });
  const path = join(dir, 'ads.hnsw');
  const before = readFileSync(path);
  const bytes = Buffer.from(before);
  const { header } = parseGraph(sourceOf(bytes));
  const vectors = readFileSync(join(dir, 'ad.fvecs'));
  for (let node = 0; node < header.count; node++) {
    const at = 96 + node * header.rowBytes;
    const ad = bytes.readUInt32LE(at + header.labelOffset);
    vectors.copy(bytes, at + header.vectorOffset, ad * (4 + 4 * header.dim) + 4, (ad + 1) * (4 + 4 * header.dim));
  }
  change(bytes);
  writeFileSync(path, bytes);
  const manifest = join(dir, 'recall.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(sha256(before), sha256(bytes)));
  return dir;
};

describe('a damaged index', () => {
  it.each([
    ['fuzz-hnsw-links-far', /ads\.hnsw[^]*links below 60[^]*link of row \d+ to \d+/],
    ['fuzz-hnsw-upper-links', /ads\.hnsw[^]*links below 60[^]*upper link of row \d+ to \d+/],
    ['fuzz-hnsw-label-twice', /ads\.hnsw: two nodes stand for one ad/],
    ['fuzz-hnsw-nan-row', /ads\.hnsw: row \d+ holds a value that is not finite[^]*column \d+/],
  ])('is refused before native code reads it: %s', async (name, message) => {
    const dir = damaged(name);
    for (let again = 0; again < 2; again++) {
      const { code, err } = await cli('recall', 'u-00', '-w', dir, '--json');
      expect(code).toBe(2);
      expect(err).toMatch(message);
    }
    const doctor = await cli('doctor', dir);
    expect(doctor.code).toBe(1);
  });

  it('is refused where its labels are beyond the ads', async () => {
    const dir = changed('far-label', (bytes) => bytes.writeUInt32LE(710, labelAt(bytes, 3)));
    const { code, err } = await cli('recall', 'u-00', '-w', dir);
    expect(code).toBe(2);
    expect(err).toMatch(/ads\.hnsw: a label stands for no ad[^]*labels below 60[^]*label 710 in node 3/);
  });

  it('is refused where the header asks for room without end', async () => {
    const dir = changed('capacity', (bytes) => bytes.writeBigUInt64LE(2n ** 40n, 8));
    const { code, err } = await cli('recall', 'u-00', '-w', dir);
    expect(code).toBe(2);
    expect(err).toContain('room for at most 33554432 ads');
  });

  it('is refused where an upper link leads to a node that is not on its level', async () => {
    const dir = changed('level', (bytes) => {
      const { header, levels, upperStart } = parseGraph(sourceOf(bytes));
      const from = levels.findIndex((level) => level > 0);
      const upper = 96 + header.count * header.rowBytes;
      bytes.writeUInt32LE(levels.indexOf(0), upper + 4 * ((upperStart[from] ?? 0) + 1));
      bytes.writeUInt32LE(1, upper + 4 * (upperStart[from] ?? 0));
    });
    const { code, err } = await cli('recall', 'u-00', '-w', dir);
    expect(code).toBe(2);
    expect(err).toMatch(/links of level 1 to nodes on it[^]*whose top level is 0/);
  });
});

describe('a sound index', () => {
  it('is checked once for each content, and the check is remembered', async () => {
    const dir = changed('sound', () => undefined);
    const note = join(cache, 'recall-tui', `checked-index-${sha256(readFileSync(join(dir, 'ads.hnsw')))}.json`);
    expect(existsSync(note)).toBe(false);
    expect((await cli('recall', 'u-00', '-w', dir)).code).toBe(0);
    const written = statSync(note);
    expect((await cli('recall', 'u-00', '-w', dir)).code).toBe(0);
    expect(statSync(note)).toMatchObject({ ino: written.ino, mtimeMs: written.mtimeMs });
  });
});

const sourceOf = (bytes: Buffer): Parameters<typeof parseGraph>[0] => ({
  size: bytes.length,
  read: (at, length) => bytes.subarray(at, at + length),
});

const labelAt = (bytes: Buffer, node: number): number => {
  const { header } = parseGraph(sourceOf(bytes));
  return 96 + node * header.rowBytes + header.labelOffset;
};
