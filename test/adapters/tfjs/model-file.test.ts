import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromFloat16, toFloat16 } from '../../../src/domain/float16.ts';
import { loadModel } from '../../../src/adapters/tfjs/load-model.ts';
import { readModel, saveModel } from '../../../src/adapters/tfjs/model-file.ts';
import { readTensor, writeTensor } from '../../../src/adapters/tfjs/tensor-files.ts';
import { RecallError } from '../../../src/errors.ts';
import { inputsOf, tinyAds, tinyTower, viewed } from './tiny-tower.ts';

const root = mkdtempSync(join(tmpdir(), 'recall-model-'));
const good = join(root, 'good');
const model = tinyTower();
let copies = 0;
const copy = (): string => {
  const dir = join(root, `copy-${copies++}`);
  cpSync(good, dir, { recursive: true });
  return dir;
};
const edit = (dir: string, change: (json: string) => string): void =>
  writeFileSync(join(dir, 'model.json'), change(readFileSync(join(dir, 'model.json'), 'utf8')));

beforeAll(() => saveModel(good, model));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a saved model', () => {
  it('comes back as it was, its table rounded to float16', async () => {
    const back = await readModel(good);
    expect(back.weights.table).toEqual(fromFloat16(toFloat16(model.weights.table)));
    expect({ ...back, vocabulary: back.vocabulary.keys, weights: { ...back.weights, table: null } }).toEqual({
      ...model,
      vocabulary: model.vocabulary.keys,
      weights: { ...model.weights, table: null },
    });
  });

  it('loads as two towers', async () => {
    const { encoder, adEncoder, backend } = await loadModel(good);
    expect([encoder.dim, adEncoder.dim, encoder.builtUntil, encoder.backend]).toEqual([6, 6, 1000, backend]);
    const [encodings] = await encoder.encodeGroups([inputsOf([viewed('a0')])]);
    expect(encodings?.present[0]).toBe(true);
    expect(await adEncoder.encodeAds(tinyAds)).toHaveLength(tinyAds.length * 6);
  });

  it('is the same bytes when written twice', async () => {
    const dir = join(root, 'again');
    await saveModel(dir, model);
    for (const file of readdirSync(good))
      expect(readFileSync(join(dir, file)).equals(readFileSync(join(good, file)))).toBe(true);
  });

  it.each([
    ['a missing weight file', (dir: string) => rmSync(join(dir, 'table-000.bin')), /table-000\.bin is missing/],
    ['a truncated weight file', (dir: string) => truncateSync(join(dir, 'w1-000.bin'), 10), /w1-000\.bin is truncated/],
    ['a missing vocabulary', (dir: string) => rmSync(join(dir, 'strings-word-000.json')), /no file .*strings-word/],
    [
      'a shorter vocabulary',
      (dir: string) => writeFileSync(join(dir, 'strings-word-000.json'), '["lamp"]'),
      /"word" are incomplete/,
    ],
    ['a torn model.json', (dir: string) => edit(dir, (s) => s.slice(0, 100)), /not JSON/],
    [
      'another format',
      (dir: string) => edit(dir, (s) => s.replace('two-tower@1', 'two-tower@9')),
      /not a model of this tool/,
    ],
    ['another dimension', (dir: string) => edit(dir, (s) => s.replace('"dim": 6', '"dim": 7')), /does not fit/],
    [
      'a group that the weights do not have',
      (dir: string) =>
        edit(dir, (s) =>
          s.replace(
            /"groups": \[/,
            '"groups": [{"name":"x","source":"events","kinds":[],"ownKinds":[],"maxItems":5,"windowMs":null},',
          ),
        ),
      /does not fit/,
    ],
    [
      'a path out of the folder',
      (dir: string) => edit(dir, (s) => s.replace('table-000.bin', '../table-000.bin')),
      /not a model of this tool/,
    ],
    [
      'a weight that is not finite',
      (dir: string) => {
        const b = readFileSync(join(dir, 'b-000.bin'));
        b.writeFloatLE(Number.NaN, 4);
        writeFileSync(join(dir, 'b-000.bin'), b);
      },
      /b holds a value that is not finite/,
    ],
    [
      'ads that point outside the table',
      (dir: string) => {
        const b = readFileSync(join(dir, 'ad-rows-000.bin'));
        b.writeUInt32LE(9999, 0);
        writeFileSync(join(dir, 'ad-rows-000.bin'), b);
      },
      /outside its table/,
    ],
  ])('fails to load as bad-model with %s', async (_, damage, message) => {
    const dir = copy();
    damage(dir);
    const error: unknown = await loadModel(dir).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RecallError);
    expect(error).toMatchObject({ code: 'bad-model', message: expect.stringMatching(message) });
  });

  it('splits a large tensor into files below 4 MB', async () => {
    const values = Float32Array.from({ length: 2_100_000 }, (_, i) => i % 1000);
    const entry = await writeTensor(root, 'large', [2_100_000], 'float32', values);
    expect(entry.files.length).toBe(3);
    for (const { file } of entry.files) expect(statSync(join(root, file)).size).toBeLessThan(4_000_000);
    expect(Buffer.from((await readTensor(root, entry)).buffer).equals(Buffer.from(values.buffer))).toBe(true);
  });
});

describe('the float16 format', () => {
  it('gives every half precision number back', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i).filter(
      (h) => (h & 0x7c00) !== 0x7c00 || (h & 0x3ff) === 0,
    );
    expect(toFloat16(fromFloat16(halves))).toEqual(halves);
  });

  it('rounds to the nearest: never off by more than half a step', () => {
    fc.assert(
      fc.property(fc.float({ min: -60_000, max: 60_000, noNaN: true }), (x) => {
        const [y = Number.NaN] = fromFloat16(toFloat16(Float32Array.of(x)));
        expect(Math.abs(y - x)).toBeLessThanOrEqual(Math.max(2 ** -25, Math.abs(x) * 2 ** -11));
      }),
    );
  });

  it('rounds halves to even and overflows to infinity', () => {
    expect([...fromFloat16(toFloat16(Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 1e6, -1e6, 65504)))]).toEqual([
      1,
      1 + 2 ** -9,
      Infinity,
      -Infinity,
      65504,
    ]);
  });
});
