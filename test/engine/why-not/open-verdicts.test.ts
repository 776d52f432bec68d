import { describe, expect, it } from 'vitest';
import { channelNames, modes } from '../../../src/domain/query.ts';
import { channels } from '../../../src/engine/channels/index.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { openVerdicts } from '../../../src/engine/why-not/open-verdicts.ts';
import { whyNot } from '../../../src/engine/why-not/why-not.ts';
import { makeWorld, worldDeps, worldQuery } from '../../support/memory-world.ts';

/** The engine, and how often its channels and scans were run. */
const counting = (engine: Engine): { engine: Engine; runs: () => number; scans: () => number } => {
  let [runs, scans] = [0, 0];
  const { core } = engine;
  const { scan } = core.deps;
  if (scan === null) throw new Error('this test needs a scan');
  const counted: Engine = {
    ...engine,
    core: {
      ...core,
      runChannel: (...asked) => {
        runs += 1;
        return core.runChannel(...asked);
      },
      deps: {
        ...core.deps,
        scan: {
          ...scan,
          standing: (...asked) => {
            scans += 1;
            return scan.standing(...asked);
          },
          ranking: (...asked) => {
            scans += 1;
            return scan.ranking(...asked);
          },
        },
      },
    },
  };
  return { engine: counted, runs: () => runs, scans: () => scans };
};

describe('the verdicts of many ads under one query', () => {
  it('equal those of why-not without repair, ad by ad, in every mode and with every kind of index', async () => {
    const seen = new Set<string>();
    for (const [mode, k] of [...modes.map((one) => [one, 12] as const), ['model', 40] as const])
      for (const index of ['exact', 'lossy', 'none'] as const) {
        const world = makeWorld({ seed: 3, ads: k === 40 ? 200 : 80 });
        const engine = createEngine(worldDeps(world, { index }));
        const query = worldQuery('u4', { mode, k, ef: k });
        const shared = await openVerdicts(engine, query);
        const { timingsMs: _, ...result } = await engine.recall(query);
        expect(shared.result).toMatchObject(result);
        for (const adId of [...world.ads.map((ad) => ad.adId), 'ad-of-nothing']) {
          const verdict = await shared.headline(adId);
          seen.add(verdict.verdict);
          expect(verdict).toEqual(await whyNot(engine, query, adId, { repair: false }));
        }
      }
    for (const verdict of [
      'recalled',
      'unknown-ad',
      'ineligible',
      'not-matched',
      'below-cutoff',
      'quota',
      'ann-missed',
    ])
      expect(seen, verdict).toContain(verdict);
  });

  it('run each channel once for each length, and scan twice however many ads are asked', async () => {
    const world = makeWorld({ seed: 3, ads: 120 });
    const { engine, runs, scans } = counting(createEngine(worldDeps(world, { index: 'lossy' })));
    const shared = await openVerdicts(engine, worldQuery('u4', { mode: 'merged', k: 12, ef: 12 }));
    for (const { adId } of world.ads.slice(0, 20)) await shared.headline(adId);
    const before = runs();
    for (const { adId } of world.ads) await shared.headline(adId);
    expect(runs()).toBe(before);
    expect(scans()).toBe(2);
  });

  it('take the place of an ad from a channel that can say it, as the whole list of that channel has it', async () => {
    const world = makeWorld({ seed: 3, ads: 120 });
    const { core } = createEngine(worldDeps(world, {}));
    let places = 0;
    for (const eligibility of [true, false])
      for (const channel of channelNames) {
        const query = worldQuery('u4', { eligibility });
        const { hits } = await core.runChannel(query, channel, world.ads.length);
        for (const { ordinal } of world.ads) {
          const whole = channels[channel].placeOf?.(core, query, ordinal);
          if (whole === undefined) continue;
          const at = hits.findIndex((hit) => hit.ordinal === ordinal);
          expect(whole).toEqual({ of: hits.length, place: at < 0 ? null : { at, score: hits[at]?.score } });
          places += at < 0 ? 0 : 1;
        }
      }
    expect(places).toBeGreaterThan(20);
  });
});
