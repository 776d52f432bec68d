import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIds } from '../../src/adapters/files/ids.ts';
import { matrixShape, readMatrix } from '../../src/adapters/files/matrix.ts';
import { fromFloat16, toFloat16 } from '../../src/domain/float16.ts';
import { npyBytes, writeFvecs, writeNpy } from '../support/matrix-files.ts';
import type { NpyOptions } from '../support/matrix-files.ts';
import { temporaryFolder } from '../support/vectors.ts';

const folder = temporaryFolder('matrix');
const at = (name: string): string => join(folder, name);

const rowsOf = (count: number, dim: number): fc.Arbitrary<Float32Array> =>
  fc.float32Array({
    minLength: count * dim,
    maxLength: count * dim,
    noNaN: true,
    noDefaultInfinity: true,
    min: -60000,
    max: 60000,
  });

const matrix = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }))
  .chain(([count, dim]) => fc.record({ count: fc.constant(count), dim: fc.constant(dim), data: rowsOf(count, dim) }));

describe('a matrix of vectors', () => {
  it('comes back from .npy of every version and from .fvecs number by number, on a SharedArrayBuffer', async () => {
    await fc.assert(
      fc.asyncProperty(
        matrix,
        fc.constantFrom(1, 2, 3),
        fc.constantFrom('float32', 'float16', 'fvecs'),
        async ({ count, dim, data }, version, kind) => {
          const path = at(kind === 'fvecs' ? 'm.fvecs' : 'm.npy');
          if (kind === 'fvecs') writeFvecs(path, data, dim);
          else writeNpy(path, data, dim, kind, version);
          expect(await matrixShape(path)).toEqual({ count, dim, dtype: kind === 'float16' ? 'float16' : 'float32' });
          const read = await readMatrix(path);
          expect(read).toMatchObject({ count, dim });
          expect(read.data.buffer).toBeInstanceOf(SharedArrayBuffer);
          expect(Array.from(read.data)).toEqual(Array.from(kind === 'float16' ? fromFloat16(toFloat16(data)) : data));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('puts its rows where the caller wants them, leaves out a row without a place, and fills a place without a row with 0', async () => {
    await fc.assert(
      fc.asyncProperty(
        matrix,
        fc.constantFrom('a.npy', 'b.npy', 'c.fvecs'),
        fc.integer({ min: 0, max: 5 }),
        fc.infiniteStream(fc.nat()),
        async ({ count, dim, data }, name, more, stream) => {
          if (name === 'c.fvecs') writeFvecs(at(name), data, dim);
          else writeNpy(at(name), data, dim, name === 'b.npy' ? 'float16' : 'float32');
          const free = Array.from({ length: count + more }, (_, i) => i);
          const place = Int32Array.from({ length: count }, () => {
            const draw = stream.next().value ?? 0;
            return draw % 5 === 0 ? -1 : (free.splice(draw % free.length, 1)[0] ?? -1);
          });
          const plain = await readMatrix(at(name));
          const placed = await readMatrix(at(name), { place, rows: count + more });
          const expected = new Float32Array((count + more) * dim);
          place.forEach((to, row) => {
            if (to >= 0) expected.set(plain.data.subarray(row * dim, (row + 1) * dim), to * dim);
          });
          expect(placed.count).toBe(count + more);
          expect(Array.from(placed.data)).toEqual(Array.from(expected));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('comes back whole where it is longer than one chunk of reading, in place and placed', async () => {
    const [count, dim] = [60_001, 64];
    const data = Float32Array.from({ length: count * dim }, (_, i) => (i % 8191) / 8);
    const place = Int32Array.from({ length: count }, (_, i) => count - 1 - i);
    for (const name of ['big.npy', 'big.fvecs']) {
      if (name === 'big.npy') writeNpy(at(name), data, dim);
      else writeFvecs(at(name), data, dim);
      expect(
        Buffer.compare(Buffer.from((await readMatrix(at(name))).data.slice().buffer), Buffer.from(data.buffer)),
      ).toBe(0);
      const placed = (await readMatrix(at(name), { place })).data;
      expect(Array.from(placed.slice(0, dim))).toEqual(Array.from(data.slice(-dim)));
      expect(Array.from(placed.slice(-dim))).toEqual(Array.from(data.slice(0, dim)));
    }
  });

  it('comes back from a shape written as Python 2 wrote it', async () => {
    writeFileSync(
      at('old.npy'),
      npyBytes(Float32Array.of(1, 2, 3, 4, 5, 6), {
        header: "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }",
      }),
    );
    expect(await matrixShape(at('old.npy'))).toEqual({ count: 2, dim: 3, dtype: 'float32' });
  });
});

describe('the reader of a bad .npy', () => {
  const six = Float32Array.of(1, 2, 3, 4, 5, 6);
  const cases: Array<[string, ArrayBufferView, NpyOptions, RegExp, RegExp, RegExp]> = [
    ['big-endian', six, { descr: '>f4', shape: [2, 3] }, /field descr: big-endian/, /'<f4' or '<f2'/, /'>f4'/],
    [
      'float64',
      new Float64Array(6),
      { descr: '<f8', shape: [2, 3] },
      /field descr: float64/,
      /'<f4' or '<f2'/,
      /'<f8'/,
    ],
    ['of whole numbers', new Int32Array(6), { descr: '<i4', shape: [2, 3] }, /field descr/, /float32/, /'<i4'/],
    ['in Fortran order', six, { fortran: true, shape: [2, 3] }, /field fortran_order/, /False/, /True/],
    ['of one axis', six, { shape: [6] }, /field shape/, /\(rows, columns\)/, /\(6,\)/],
    ['of three axes', six, { shape: [1, 2, 3] }, /field shape/, /\(rows, columns\)/, /\(1, 2, 3\)/],
    ['without rows', new Float32Array(0), { shape: [0, 3] }, /field shape/, /at least 1/, /\(0, 3\)/],
    ['truncated', six, { shape: [3, 3] }, /truncated/, /3 × 3 float32 = 164 bytes/, /152 bytes/],
    ['with bytes after the last row', six, { shape: [1, 3] }, /goes on after its last row/, /= 140 bytes/, /152 bytes/],
    [
      'of a structured type',
      six,
      { header: "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (6,), }" },
      /field descr/,
      /'descr'/,
      /\('x'/,
    ],
    [
      'with a header that is a list',
      six,
      { header: "['descr': '<f4', 'fortran_order': False, 'shape': (2, 3), ]" },
      /not a dictionary/,
      /'descr'/,
      /\['descr'/,
    ],
    [
      'not finite',
      Float32Array.of(1, 2, 3, 4, Number.NaN, 6),
      { shape: [2, 3] },
      /not finite/,
      /finite/,
      /NaN in row 1, column 1/,
    ],
    [
      'of float16 overflown to infinity',
      toFloat16(Float32Array.of(1, 70_000)),
      { descr: '<f2', shape: [2, 1] },
      /not finite/,
      /finite/,
      /Infinity in row 1, column 0/,
    ],
  ];

  it.each(cases)(
    'names file, field, expected and found: %s',
    async (_name, data, options, message, expected, found) => {
      writeFileSync(at('bad.npy'), npyBytes(data, options));
      const error: unknown = await readMatrix(at('bad.npy')).then(
        () => null,
        (e: unknown) => e,
      );
      expect(error).toMatchObject({
        code: 'bad-vectors',
        message: expect.stringMatching(message),
        expected: expect.stringMatching(expected),
        found: expect.stringMatching(found),
        todo: expect.stringMatching(/./),
      });
      expect(error).toMatchObject({ message: expect.stringContaining('bad.npy') });
    },
  );

  it('refuses a file cut at any byte, and never reads it as something else', async () => {
    const whole = npyBytes(six, { shape: [2, 3] });
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(at('cut.npy'), whole.subarray(0, length));
      await expect(readMatrix(at('cut.npy'))).rejects.toMatchObject({ code: 'bad-vectors' });
    }
  });

  it('answers any bytes for a header with a RecallError or a matrix, never a crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, start) => {
        const whole = npyBytes(six, { shape: [2, 3] });
        const mixed = start ? Uint8Array.from([...whole.subarray(0, 8), ...bytes]) : bytes;
        writeFileSync(at('wild.npy'), mixed);
        const read = await readMatrix(at('wild.npy')).then(
          () => 'read',
          (e: { code: string }) => e.code,
        );
        expect(['read', 'bad-vectors']).toContain(read);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a missing file, and one of another kind', async () => {
    await expect(readMatrix(at('none.npy'))).rejects.toMatchObject({ code: 'missing-artefact' });
    writeFileSync(at('v.bin'), 'x');
    await expect(readMatrix(at('v.bin'))).rejects.toMatchObject({
      code: 'bad-vectors',
      expected: expect.stringContaining('.npy or .fvecs'),
    });
  });
});

describe('the reader of a bad .fvecs', () => {
  it('refuses a row of another dimension, a truncated file, and a file that is no .fvecs at all', async () => {
    const path = at('bad.fvecs');
    writeFvecs(
      path,
      Float32Array.from({ length: 12 }, (_, i) => i),
      4,
    );
    const good = readFileSync(path);
    const other = Buffer.from(good);
    other.writeInt32LE(5, 20);
    writeFileSync(path, other);
    await expect(readMatrix(path)).rejects.toMatchObject({
      code: 'bad-vectors',
      message: expect.stringContaining('dimension of row 1'),
      expected: '4',
      found: '5',
    });
    writeFileSync(path, good.subarray(0, 50));
    await expect(readMatrix(path)).rejects.toMatchObject({ code: 'bad-vectors', found: '50 bytes' });
    writeFileSync(path, Buffer.from('not vectors'));
    await expect(readMatrix(path)).rejects.toMatchObject({
      code: 'bad-vectors',
      message: expect.stringContaining('not an .fvecs file'),
    });
    writeFileSync(path, '');
    await expect(readMatrix(path)).rejects.toMatchObject({ code: 'bad-vectors', found: '0 bytes in all' });
  });
});

describe('a file of ids', () => {
  it('gives one id a line, whatever its line ends, its byte-order mark and its last line end', async () => {
    const id = fc.stringMatching(/^[^\r\n\uFEFF]{1,6}$/u).filter((s) => s.trim() !== '');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(id, { minLength: 1, maxLength: 20 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        async (ids, end, bom, last) => {
          writeFileSync(at('ids.txt'), `${bom ? '\uFEFF' : ''}${ids.join(end)}${last ? end : ''}`);
          expect(await readIds(at('ids.txt'))).toEqual(ids);
        },
      ),
    );
  });

  it.each([
    ['广告-1\nb\n广告-1\n', 'lines 1 and 3', '"广告-1" twice'],
    ['a\n\nb\n', 'line 2', 'an empty line'],
    ['a\n  \nb\n', 'line 2', 'a line of spaces'],
    ['', 'no id', 'an empty file'],
  ])('does not load as %j, and the error names the lines', async (text, where, found) => {
    writeFileSync(at('bad.txt'), text);
    await expect(readIds(at('bad.txt'))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(where),
      found,
    });
  });

  it('does not load in another encoding', async () => {
    writeFileSync(at('bad.txt'), Buffer.from([0xb9, 0xe3, 0x0a]));
    await expect(readIds(at('bad.txt'))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('not UTF-8'),
    });
  });
});
