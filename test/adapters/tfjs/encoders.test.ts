import { beforeAll, describe, expect, it } from 'vitest';
import { createAdEncoder } from '../../../src/adapters/tfjs/ad-encoder.ts';
import { loadBackend } from '../../../src/adapters/tfjs/backend.ts';
import { createTowerStep } from '../../../src/adapters/tfjs/tower-step.ts';
import { createUserEncoder } from '../../../src/adapters/tfjs/user-encoder.ts';
import type { UserEncoder } from '../../../src/engine/ports/ports.ts';
import { seededRandom } from '../../../src/domain/random.ts';
import { field, inputsOf, searched, tinyAds, tinyGroups, tinyTower, viewed } from './tiny-tower.ts';

const model = tinyTower();
const { dim } = model.shape;
const g = tinyGroups.length;
const ones = new Float32Array(g).fill(1);
const full = inputsOf(
  [viewed('a0'), viewed('a2', { kind: 'click' })],
  [searched('smart thing')],
  [field('hour', '9')],
  [field('category', 'Home > Garden', 1.5)],
);
let encoder: UserEncoder;
beforeAll(async () => {
  encoder = createUserEncoder(await loadBackend(), model);
});

const close = (a: ArrayLike<number>, b: ArrayLike<number>, within: number): boolean =>
  a.length === b.length && Array.from(a).every((x, i) => Math.abs(x - (b[i] ?? Number.NaN)) <= within);
const encode = async (...users: ReturnType<typeof inputsOf>[]) => encoder.encodeGroups(users);

describe('the user tower', () => {
  it('fuses to what TensorFlow computes, within 1e-5, at any weights', async () => {
    const step = await createTowerStep({
      shape: model.shape,
      initial: model.weights.dense,
      temperature: model.temperature,
    });
    const random = seededRandom(3);
    const [encodings] = await encode(full);
    const rows = 64;
    const weights = Float32Array.from({ length: rows * g }, () => (random.next() < 0.2 ? 0 : 4 * random.next()));
    const weighted = Float32Array.from(
      { length: rows * g * dim },
      (_, i) => (weights[Math.floor(i / dim)] ?? 0) * (encodings?.h[i % (g * dim)] ?? 0),
    );
    expect(close(encoder.fuse(encodings ?? never(), weights, rows), step.users(weighted, rows), 1e-5)).toBe(true);
    step.dispose();
  });

  it('gives a group without items exactly zero, and says that it is absent', async () => {
    const [encodings] = await encode(inputsOf([viewed('a0')], [], [], []));
    expect(encodings?.present).toEqual([true, false, false, false]);
    expect(encodings?.h.subarray(dim).every((x) => x === 0)).toBe(true);
    expect(encodings?.projected.subarray(dim + model.shape.hidden).every((x) => x === 0)).toBe(true);
  });

  it('treats what it has never seen as nothing at all', async () => {
    const [encodings] = await encode(
      inputsOf([viewed('unheard-of')], [searched('zzz')], [field('device', 'fax')], [field('category', 'Boats')]),
    );
    expect(encodings?.present).toEqual([false, false, false, false]);
  });

  it('lets an excluded item keep its slot and count for nothing', async () => {
    const [cut, alone, moved] = await encode(
      inputsOf([viewed('a0', { excluded: true }), viewed('a1')]),
      inputsOf([viewed('a2', { excluded: true }), viewed('a1')]),
      inputsOf([viewed('a1')]),
    );
    expect([...(cut?.h ?? [])]).toEqual([...(alone?.h ?? [])]);
    expect(close(cut?.h ?? [], moved?.h ?? [], 1e-3)).toBe(false);
  });

  it('encodes a row the same alone and in a batch of hundreds, within 1e-5', async () => {
    const others = Array.from({ length: 700 }, (_, i) =>
      inputsOf([viewed(`a${i % 4}`)], [searched(i % 2 === 0 ? 'garden chair' : 'lamp')]),
    );
    const [alone] = await encode(full);
    const batch = await encode(...others, full);
    const last = batch[batch.length - 1];
    expect(batch).toHaveLength(701);
    expect(close(alone?.projected ?? [], last?.projected ?? [], 1e-5)).toBe(true);
    expect(close(encoder.fuse(alone ?? never(), ones, 1), encoder.fuse(last ?? never(), ones, 1), 1e-5)).toBe(true);
  });

  it("looks search words up where titles are: a search for a title's words equals the words of that title", async () => {
    const [query] = await encode(inputsOf([], [searched('Garden CHAIR!')]));
    const [again] = await encode(inputsOf([], [searched('garden chair')]));
    expect(query?.present[1]).toBe(true);
    expect([...(query?.h ?? [])]).toEqual([...(again?.h ?? [])]);
  });

  it('refuses inputs of other groups', async () => {
    await expect(encode({ ...full, groups: full.groups.slice(1) })).rejects.toThrow(/other feature groups/);
  });

  it('tells what it looked up, and flags what it does not know', () => {
    const lines = encoder.describeInputs(
      inputsOf(
        [viewed('a0'), viewed('a3'), viewed('nope', { excluded: true })],
        [searched('smart thing')],
        [field('hour', '9'), field('hour', '8')],
      ),
    );
    expect(lines.map((l) => [l.group, l.field, l.value, l.id, l.outOfVocabulary, l.excluded])).toEqual([
      ['browse', 'view.ad', 'a0', 0, false, false],
      ['browse', 'view.ad', 'a3', null, false, false],
      ['browse', 'view.ad', 'nope', null, true, true],
      ['search', 'search.word', 'smart', 6, false, false],
      ['search', 'search.word', 'thing', null, true, false],
      ['context', 'hour', '9', 15, false, false],
      ['context', 'hour', '8', null, true, false],
    ]);
  });
});

describe('the ad tower', () => {
  const { encodeAds } = createAdEncoder(model);
  const norm = (v: Float32Array): number => Math.hypot(...v);

  it('gives unit vectors, also to an ad without an embedding of its own', async () => {
    const vectors = await encodeAds(tinyAds);
    tinyAds.forEach((_, i) => expect(norm(vectors.subarray(i * dim, (i + 1) * dim))).toBeCloseTo(1, 6));
  });

  it('gives a new ad the vector of its words, category, brand and price', async () => {
    const [known, fresh] = [tinyAds[3] ?? never(), { ...(tinyAds[3] ?? never()), adId: 'brand-new' }];
    expect([...(await encodeAds([fresh]))]).toEqual([...(await encodeAds([known]))]);
  });

  it('gives an ad of which nothing is known a fixed unit direction of its own', async () => {
    const nothing = { ...(tinyAds[0] ?? never()), adId: 'x', title: '', category: '', brand: '', price: null };
    const [one, again, other] = [
      await encodeAds([nothing]),
      await encodeAds([nothing]),
      await encodeAds([{ ...nothing, adId: 'y' }]),
    ];
    expect(norm(one)).toBeCloseTo(1, 6);
    expect([...again]).toEqual([...one]);
    expect(close(one, other, 0.1)).toBe(false);
  });
});

const never = (): never => {
  throw new Error('missing');
};
