import { describe, expect, it } from 'vitest';
import { createAdEncoder } from '../../src/adapters/tfjs/ad-encoder.ts';
import { trainTower } from '../../src/training/train.ts';
import { hour, toyAds, toyOptions, toyStore, toyWorld } from './toy.ts';

const small = { ...toyOptions().hyper, epochs: 2, batch: 128 };

describe('trainTower', () => {
  it('learns which ads belong together: ads of a category come to lie closer than others', async () => {
    const { model, epochs, best } = await trainTower(toyOptions());
    expect(epochs[epochs.length - 1]?.loss).toBeLessThan((epochs[0]?.loss ?? 0) - 0.5);
    expect(best.recallAt100).toBe(Math.max(...epochs.map((e) => e.recallAt100 ?? 0)));
    const vectors = await createAdEncoder(model).encodeAds(toyAds);
    const { dim } = model.shape;
    const mean = (same: boolean): number => {
      const values = toyAds.flatMap((_, i) =>
        toyAds
          .slice(0, i)
          .flatMap((__, j) =>
            (i % 6 === j % 6) === same
              ? [
                  Array.from({ length: dim }).reduce<number>(
                    (s, ___, d) => s + (vectors[i * dim + d] ?? 0) * (vectors[j * dim + d] ?? 0),
                    0,
                  ),
                ]
              : [],
          ),
      );
      return values.reduce((s, x) => s + x, 0) / values.length;
    };
    expect(mean(true)).toBeGreaterThan(mean(false) + 0.4);
  });

  it('gives the same model for the same seed, another for another', async () => {
    const [one, two, other] = [
      await trainTower(toyOptions({ hyper: small })),
      await trainTower(toyOptions({ hyper: small })),
      await trainTower(toyOptions({ hyper: { ...small, seed: 2 } })),
    ];
    expect(two.model.weights).toEqual(one.model.weights);
    expect(two.epochs.map((e) => [e.loss, e.recallAt100])).toEqual(one.epochs.map((e) => [e.loss, e.recallAt100]));
    expect(other.model.weights.table).not.toEqual(one.model.weights.table);
  });

  it('sees no event at or after `until`', async () => {
    const world = toyWorld(1);
    const past = { ...world, events: world.events.filter((e) => e.at < 60 * hour) };
    const until = 60 * hour;
    const [whole, cut] = [
      await trainTower(toyOptions({ until, hyper: small, store: toyStore(world) })),
      await trainTower(toyOptions({ until, hyper: small, store: toyStore(past) })),
    ];
    expect(whole.samples).toEqual(cut.samples);
    expect(whole.model).toEqual({ ...cut.model, vocabulary: whole.model.vocabulary, training: whole.model.training });
    expect(whole.model.vocabulary.keys).toEqual(cut.model.vocabulary.keys);
    expect(whole.model.builtUntil).toBe(until);
  });

  it('keeps the best epoch so far when it is interrupted', async () => {
    const controller = new AbortController();
    const result = await trainTower(
      toyOptions({
        hyper: { ...toyOptions().hyper, epochs: 50, patience: 50, batch: 16 },
        signal: controller.signal,
        onProgress: (stage, done) => {
          if (stage === 'epoch 3' && done > 1) controller.abort();
        },
      }),
    );
    expect(result.stopped).toBe('interrupted');
    expect(result.epochs.map((e) => e.epoch)).toEqual([1, 2]);
    expect(result.best.epoch).toBeLessThanOrEqual(2);
  });

  it('stops when nothing has improved for `patience` epochs', async () => {
    const { epochs, best, stopped } = await trainTower(
      toyOptions({ hyper: { ...toyOptions().hyper, epochs: 60, patience: 1, rate: 0.05 } }),
    );
    expect(stopped).toBe('early');
    expect(epochs[epochs.length - 1]?.epoch).toBe(best.epoch + 1);
  });

  it('names what is missing where there is nothing to learn from', async () => {
    await expect(trainTower(toyOptions({ engagementKinds: ['applause'] }))).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(trainTower(toyOptions({ until: 0 }))).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('gives no row of their own to ads without engagement', async () => {
    const unseen = { ...(toyAds[0] ?? never()), adId: 'zz-unseen', ordinal: toyAds.length };
    const { model } = await trainTower(toyOptions({ ads: [...toyAds, unseen], hyper: { ...small, epochs: 1 } }));
    expect(model.adIds).toContain('zz-unseen');
    expect(model.vocabulary.rowOf('id', 'zz-unseen')).toBeNull();
    expect(model.vocabulary.rowOf('word', 'word0')).not.toBeNull();
  });
});

const never = (): never => {
  throw new Error('missing');
};
