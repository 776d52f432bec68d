import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadBackend } from '../../src/adapters/tfjs/backend.ts';
import { openTfjsModel } from '../../src/adapters/tfjs/external-encoder.ts';
import { createUserEncoder } from '../../src/adapters/tfjs/user-encoder.ts';
import { openUserVectors } from '../../src/adapters/vectors/user-vectors.ts';
import { conforms } from '../support/encoder-conformance.ts';
import { writeNpy } from '../support/matrix-files.ts';
import { teamFolder } from '../support/team-workspace.ts';
import { foreignFolder, foreignSpec, foreignUser } from '../support/foreign-models.ts';
import { field, inputsOf, searched, tinyTower, viewed } from './tfjs/tiny-tower.ts';
import { writeGraphModel, writeLayersModel } from '../../fixtures/foreign/make-models.ts';

const users = [
  foreignUser('u1', [1, 2, 3], 'red lamp', '9'),
  foreignUser('u2', [40, 7], 'smart speaker', '20'),
  foreignUser('u3', [12], null, '3'),
];

/** Two users' vectors as .fvecs. */
const vectorFiles = (): { path: string; ids: string } => {
  const dir = mkdtempSync(join(tmpdir(), 'recall-vectors-'));
  const rows = [
    [1, 2, 3, 4],
    [4, 3, -2, 1],
    [0, 0, 5, 1],
  ];
  const bytes = Buffer.concat(
    rows.map((row) =>
      Buffer.concat([Buffer.from(Int32Array.of(row.length).buffer), Buffer.from(Float32Array.from(row).buffer)]),
    ),
  );
  writeFileSync(join(dir, 'user.fvecs'), bytes);
  writeFileSync(join(dir, 'user.txt'), 'u1\nu2\nu3\n');
  return { path: join(dir, 'user.fvecs'), ids: join(dir, 'user.txt') };
};

const vectorSpec = { kind: 'vectors' as const, dim: 4, builtUntil: null, normalise: true };
const openVectors = async (spec = vectorSpec) => {
  const { path, ids } = vectorFiles();
  return (await openUserVectors(path, ids, spec)).encoder;
};
const named = (userId: string) => ({ userId, asOf: 1, groups: [] });

describe('the bundled two-tower', () => {
  conforms({
    encoder: async () => createUserEncoder(await loadBackend(), tinyTower()),
    users: [
      inputsOf([viewed('a0')], [searched('smart thing')], [field('hour', '9')]),
      inputsOf([viewed('a1')], [searched('garden')]),
      inputsOf([viewed('a2')]),
    ],
  });
});
describe('precomputed vectors', () => {
  conforms({ encoder: () => openVectors(), users: ['u1', 'u2', 'u3'].map(named) });

  it('come from .npy too, line i of the ids naming row i of the numbers', async () => {
    const spec = { kind: 'vectors' as const, dim: 16, builtUntil: null, normalise: false };
    const { encoder, userIds } = await openUserVectors(
      join(teamFolder, 'user.npy'),
      join(teamFolder, 'user_ids.txt'),
      spec,
    );
    const bytes = readFileSync(join(teamFolder, 'user.npy'));
    const rows = new Float32Array(Uint8Array.from(bytes.subarray(bytes.length - 160 * 16 * 4)).buffer);
    for (const row of [0, 77, 159]) {
      const [encodings] = await encoder.encodeGroups([named(userIds?.[row] ?? '')]);
      expect(encoder.fuse(encodings!, new Float32Array(0), 1)).toEqual(rows.slice(row * 16, (row + 1) * 16));
    }
    const half = join(mkdtempSync(join(tmpdir(), 'recall-vectors-')), 'half.npy');
    writeNpy(half, rows, 16, 'float16');
    const { encoder: rough } = await openUserVectors(half, join(teamFolder, 'user_ids.txt'), spec);
    const [encodings] = await rough.encodeGroups([named(userIds?.[77] ?? '')]);
    rough.fuse(encodings!, new Float32Array(0), 1).forEach((x, i) => {
      expect(Math.abs(x - (rows[77 * 16 + i] ?? 0))).toBeLessThan(2e-3);
    });
  });

  it('keep their length where the manifest says so', async () => {
    const encoder = await openVectors({ ...vectorSpec, normalise: false });
    const [encodings] = await encoder.encodeGroups([named('u1')]);
    expect([...encoder.fuse(encodings!, new Float32Array(0), 1)]).toEqual([1, 2, 3, 4]);
  });

  it('name the file and the id of a user they lack, when that one is asked for', async () => {
    const encoder = await openVectors();
    const [there, missing] = await encoder.encodeGroups([named('u1'), named('nobody')]);
    expect(encoder.fuse(there!, new Float32Array(0), 1)).toHaveLength(4);
    expect(() => encoder.fuse(missing!, new Float32Array(0), 1)).toThrow(
      /user\.txt holds no vector for the user nobody/,
    );
  });

  it('do not open with another dimension, or with more or fewer ids than rows', async () => {
    const { path, ids } = vectorFiles();
    await expect(openUserVectors(path, ids, { ...vectorSpec, dim: 5 })).rejects.toMatchObject({
      code: 'bad-vectors',
      expected: '5 columns, as model.dim says',
      found: '4 columns',
    });
    writeFileSync(ids, 'u1\nu2\n');
    await expect(openUserVectors(path, ids, vectorSpec)).rejects.toMatchObject({
      code: 'bad-vectors',
      expected: '3 ids, one a line',
      found: '2 ids',
    });
  });
});
describe('a LayersModel', () => {
  conforms({
    encoder: async () => (await openTfjsModel(join(foreignFolder, 'layers'), foreignSpec('layers'))).encoder,
    users,
  });
});
describe('a GraphModel', () => {
  conforms({
    encoder: async () => (await openTfjsModel(join(foreignFolder, 'graph'), foreignSpec('graph'))).encoder,
    users,
  });
});

describe('the committed external models', () => {
  it('equal, byte for byte, what the committed script makes', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'recall-foreign-'));
    writeGraphModel(join(dir, 'graph'));
    await writeLayersModel(join(dir, 'layers'));
    for (const kind of ['graph', 'layers']) {
      for (const name of ['model.json', 'group1-shard1of1.bin', 'ads.txt', 'words.txt', 'hours.txt']) {
        expect(
          readFileSync(join(dir, kind, name)).equals(readFileSync(join(foreignFolder, kind, name))),
          `${kind}/${name}`,
        ).toBe(true);
      }
    }
  });

  it('say which of their parts hold only approximately', async () => {
    const [layers, graph] = [
      await openTfjsModel(join(foreignFolder, 'layers'), foreignSpec('layers')),
      await openTfjsModel(join(foreignFolder, 'graph'), foreignSpec('graph')),
    ];
    expect(layers.encoder.abilities.approximations.map(({ touches }) => touches)).toEqual(['weights', 'groups']);
    expect(graph.encoder.abilities.approximations).toEqual([]);
  });
});

interface Node {
  readonly name: string;
  readonly op: string;
  readonly attr: Readonly<Record<string, unknown>>;
}

/** The committed GraphModel in a folder of its own, its nodes changed. */
const altered = (change: (node: Node) => Node): string => {
  const dir = mkdtempSync(join(tmpdir(), 'recall-foreign-'));
  writeGraphModel(dir);
  const path = join(dir, 'model.json');
  const json = JSON.parse(readFileSync(path, 'utf8'));
  json.modelTopology.node = json.modelTopology.node.map(change);
  writeFileSync(path, JSON.stringify(json));
  return dir;
};

describe('a mapping that does not fit its graph', () => {
  const dir = join(foreignFolder, 'graph');
  const spec = foreignSpec('graph');
  const { hour, ...others } = spec.inputs;

  it('is refused, naming file, field, expected and found', async () => {
    await expect(openTfjsModel(dir, { ...spec, inputs: others })).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining('input hour is not mapped'),
      expected: 'model.inputs.hour',
    });
    await expect(openTfjsModel(dir, { ...spec, inputs: { ...spec.inputs, minute: hour! } })).rejects.toMatchObject({
      code: 'bad-model',
      found: 'minute',
    });
    await expect(
      openTfjsModel(dir, {
        ...spec,
        inputs: { ...spec.inputs, browse_ids: { ...spec.inputs['browse_ids']!, length: 9 } },
      }),
    ).rejects.toMatchObject({ code: 'bad-model', expected: '[null,9]', found: '[null,8]' });
    await expect(openTfjsModel(dir, { ...spec, kind: 'tfjs-layers' })).rejects.toMatchObject({
      code: 'bad-model',
      expected: 'a LayersModel',
    });
  });

  it('is refused at the first run for another output or dimension', async () => {
    const run = async (more: Partial<typeof spec>): Promise<unknown> => {
      const { encoder } = await openTfjsModel(dir, { ...spec, ...more });
      const [encodings] = await encoder.encodeGroups(users.slice(0, 1));
      return encoder.fuse(encodings!, new Float32Array(3).fill(1), 1);
    };
    await expect(run({ output: 'usr' })).rejects.toMatchObject({
      code: 'bad-model',
      expected: 'one of user',
      found: 'usr',
    });
    await expect(run({ dim: 15 })).rejects.toMatchObject({ code: 'bad-model', expected: '1×15', found: '1×16' });
  });

  it('is refused where shards are missing or cut short', async () => {
    const cut = mkdtempSync(join(tmpdir(), 'recall-foreign-'));
    writeGraphModel(cut);
    const shard = join(cut, 'group1-shard1of1.bin');
    const bytes = readFileSync(shard);
    writeFileSync(shard, bytes.subarray(0, bytes.length - 4));
    await expect(openTfjsModel(cut, spec)).rejects.toMatchObject({
      code: 'bad-model',
      expected: `${bytes.length} bytes`,
      found: `${bytes.length - 4} bytes`,
    });
    await expect(openTfjsModel(join(cut, 'none'), spec)).rejects.toMatchObject({ code: 'missing-artefact' });
  });

  it('is refused where its numbers are not finite', async () => {
    const bad = mkdtempSync(join(tmpdir(), 'recall-foreign-'));
    writeGraphModel(bad);
    const shard = join(bad, 'group1-shard1of1.bin');
    const bytes = readFileSync(shard);
    for (let at = 0; at < bytes.length - 16; at += 4) bytes.writeFloatLE(Number.NaN, at);
    writeFileSync(shard, bytes);
    await expect(openTfjsModel(bad, spec)).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining('is not finite'),
      expected: 'finite numbers',
    });
  });

  it('is refused where the graph wants an input of another rank or of a type that is no number', async () => {
    const inputs = { ...spec.inputs };
    const deep = altered((node) =>
      node.name === 'browse_mask'
        ? { ...node, attr: { ...node.attr, shape: { shape: { dim: [{ size: '-1' }, { size: '8' }, { size: '2' }] } } } }
        : node,
    );
    await expect(openTfjsModel(deep, { ...spec, inputs })).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining('the input browse_mask has another shape'),
      expected: '[null,8]',
      found: '[null,8,2]',
      todo: expect.stringContaining('model.inputs.browse_mask'),
    });
    const text = altered((node) =>
      node.name === 'hour' ? { ...node, attr: { ...node.attr, dtype: { type: 'DT_STRING' } } } : node,
    );
    await expect(openTfjsModel(text, spec)).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining('the input hour has a type that cannot be fed'),
      expected: 'float32, int32 or bool',
      found: 'string',
    });
  });

  it('names the operation that the backend lacks, which the plain one may have', async (context) => {
    if ((await loadBackend()).info.name !== 'wasm') context.skip('WebAssembly is not the backend here');
    // The same product, written as an operation that WebAssembly has no kernel for.
    const einsum = altered((node) =>
      node.name === 'hidden/product'
        ? {
            ...node,
            op: 'Einsum',
            attr: {
              T: { type: 'DT_FLOAT' },
              N: { i: '2' },
              equation: { s: Buffer.from('ij,jk->ik').toString('base64') },
            },
          }
        : node,
    );
    const vector = async (from: string, backend: 'default' | 'cpu'): Promise<Float32Array> => {
      const { encoder } = await openTfjsModel(from, { ...spec, backend });
      const [encodings] = await encoder.encodeGroups(users.slice(0, 1));
      return encoder.fuse(encodings!, new Float32Array(3).fill(1), 1);
    };
    await expect(vector(einsum, 'default')).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('the operation Einsum is not in TensorFlow'),
      found: 'Einsum',
      todo: expect.stringContaining('model.backend to "cpu"'),
    });
    const [cpu, usual] = [await vector(einsum, 'cpu'), await vector(dir, 'default')];
    usual.forEach((x, i) => {
      expect(Math.abs(x - (cpu[i] ?? 0))).toBeLessThan(1e-5);
    });
  });

  it('runs on the plain JavaScript backend where the manifest asks for it, to the same vector', async () => {
    const vector = async (backend: 'default' | 'cpu') => {
      const { encoder, backend: info } = await openTfjsModel(dir, { ...spec, backend });
      const [encodings] = await encoder.encodeGroups(users.slice(0, 1));
      return { name: info.name, vector: encoder.fuse(encodings!, new Float32Array(3).fill(1), 1) };
    };
    const [usual, cpu] = [await vector('default'), await vector('cpu')];
    expect(cpu.name).toBe('cpu');
    expect(usual.name).not.toBe('cpu');
    usual.vector.forEach((x, i) => {
      expect(Math.abs(x - (cpu.vector[i] ?? 0))).toBeLessThan(1e-5);
    });
  });
});
