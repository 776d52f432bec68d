import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movementBetween, type MovementRow } from '../../src/domain/movement.ts';
import { channelNames } from '../../src/domain/query.ts';

const row = (
  adId: string,
  rank: number,
  via: (typeof channelNames)[number] = 'model',
  score = 1 / rank,
): MovementRow => ({ adId, rank, via, score, modelScore: score / 2, channels: [{ channel: via }] });

const list = fc
  .uniqueArray(fc.constantFrom(...'abcdefghijklmnop'), { maxLength: 12 })
  .chain((ids) =>
    fc
      .array(fc.constantFrom(...channelNames), { minLength: ids.length, maxLength: ids.length })
      .map((via) => ids.map((id, i) => row(id, i + 1, via[i]))),
  );

describe('movement between two lists', () => {
  it('accounts for every ad of either list exactly once, and for every channel that placed one', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const { entered, left, moved, counts, byChannel } = movementBetween(a, b);
        expect(counts.entered + counts.moved + counts.stayed).toBe(b.length);
        expect(counts.left + counts.moved + counts.stayed).toBe(a.length);
        expect([entered.length, left.length, moved.length]).toEqual([counts.entered, counts.left, counts.moved]);
        expect(byChannel.reduce((sum, c) => sum + c.entered, 0)).toBe(counts.entered);
        expect(byChannel.reduce((sum, c) => sum + c.left, 0)).toBe(counts.left);
        for (const m of moved) expect(m.from).not.toBe(m.to);
      }),
    );
  });

  it('is empty against itself, and turned round against the other way', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const same = movementBetween(a, a);
        expect([...same.entered, ...same.left, ...same.moved]).toEqual([]);
        expect(same.overlap).toMatchObject({ jaccard: 1 });
        expect(same.overlap.rbo).toBeCloseTo(1, 12);
        const [there, back] = [movementBetween(a, b), movementBetween(b, a)];
        expect(back.entered.map((m) => m.adId)).toEqual(there.left.map((m) => m.adId));
      }),
    );
  });

  it('gives a score’s difference only where one channel placed the ad in both, the modelScore’s wherever there is one', () => {
    const { moved } = movementBetween(
      [row('x', 1), row('y', 2, 'keyword', 9)],
      [row('y', 1, 'model', 0.5), row('x', 2, 'model', 0.25)],
    );
    expect(moved.find((m) => m.adId === 'x')).toMatchObject({ from: 1, to: 2, scoreDelta: -0.75, modelDelta: -0.375 });
    expect(moved.find((m) => m.adId === 'y')).toMatchObject({
      scoreDelta: null,
      modelDelta: -4.25,
      viaFrom: 'keyword',
      viaTo: 'model',
    });
  });

  it('puts the largest shift first', () => {
    const { moved } = movementBetween(
      [...'abcdef'].map((id, i) => row(id, i + 1)),
      [...'fbcdea'].map((id, i) => row(id, i + 1)),
    );
    expect(moved.map((m) => m.adId)).toEqual(['f', 'a']);
  });
});
