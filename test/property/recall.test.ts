import fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelNames } from '../../src/domain/query.ts';
import { canonicalQuery, parseQuery } from '../../src/domain/query-schema.ts';
import { seededRandom } from '../../src/domain/random.ts';
import type { RecallResult } from '../../src/domain/result.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { sourcesOf } from '../../src/domain/sources.ts';
import { channelDepth, recallPlaced } from '../../src/engine/retrieve.ts';
import { makeEvent, worldDeps, worldEnd, worldGroups } from '../support/memory-world.ts';
import type { MemoryWorld } from '../support/memory-world.ts';
import { cases, depsOf } from '../support/recall-arbitraries.ts';
import { referenceMerge } from '../support/reference-merge.ts';

const groups = worldGroups.map((group) => group.name);
const bytes = ({ timingsMs: _, ...rest }: RecallResult): string => JSON.stringify(rest);

/** The same world with more of everything at or after as-of: events, friends' purchases, friendships. */
const withFuture = (world: MemoryWorld, asOf: number, seed: number): MemoryWorld => {
  const random = seededRandom(seed);
  const later = (): number => asOf + (random.next() < 0.3 ? 0 : random.below(worldEnd));
  const events = Array.from({ length: 60 }, (_, i) =>
    makeEvent(random, `future-${i}`, `u${random.below(6)}`, world.ads, later()),
  );
  const friends = world.users.flatMap(({ userId }) =>
    world.users.map((peer) => ({ userId, peerId: peer.userId, since: later() })),
  );
  const known = new Set(world.friends.map((f) => `${f.userId} ${f.peerId}`));
  return {
    ...world,
    events: [...world.events, ...events],
    friends: [...world.friends, ...friends.filter((f) => !known.has(`${f.userId} ${f.peerId}`))],
  };
};

const withoutFuture = (world: MemoryWorld, asOf: number): MemoryWorld => ({
  ...world,
  events: world.events.filter((event) => event.at < asOf),
  friends: world.friends.filter((f) => f.since === null || f.since < asOf),
});

test("no event, friendship, friend's purchase or trend at or after as-of changes any result", async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.nat(), async ({ world, options, query }, seed) => {
      const past = await createEngine(worldDeps(withoutFuture(world, query.asOf), options)).recall(query);
      const future = await createEngine(worldDeps(withFuture(world, query.asOf, seed), options)).recall(query);
      expect(bytes(future)).toBe(bytes(past));
    }),
    { numRuns: 150 },
  );
});

test("every candidate of every mode is eligible, and the filters' counts add up", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const engine = createEngine(depsOf(one));
      const { candidates, funnel } = await engine.recall(one.query);
      for (const { ordinal } of candidates) expect(engine.core.dropReason(one.query, ordinal)).toBeNull();
      for (const stage of funnel)
        expect(stage.in - stage.out).toBe(Object.values(stage.dropped).reduce((sum, n) => sum + n, 0));
      expect(new Set(candidates.map((c) => c.adId)).size).toBe(candidates.length);
      expect(candidates.map((c) => c.rank)).toEqual(candidates.map((_, i) => i + 1));
    }),
    { numRuns: 200 },
  );
});

test('the bare list of a query is the ids, scores, channels and query of its recall', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const [{ query, candidates }, bare] = [
        await createEngine(depsOf(one)).recall(one.query),
        await recallPlaced(createEngine(depsOf(one)).core, one.query),
      ];
      expect(bare).toEqual({ query, ads: candidates.map(({ adId, score, via }) => ({ adId, score, via })) });
    }),
    { numRuns: 200 },
  );
});

test('an eligible candidate really is active, paid for, targeted and neither bought, capped nor blocked', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const query = { ...one.query, eligibility: true };
      const rules = one.options.settings?.eligibility;
      const user = one.world.users.find((u) => u.userId === query.userId);
      const { candidates } = await createEngine(depsOf(one)).recall(query);
      for (const { adId } of candidates) {
        const ad = one.world.ads.find((a) => a.adId === adId);
        const own = [
          ...one.world.events.filter((e) => e.userId === query.userId && e.at < query.asOf),
          ...query.extraEvents,
        ].filter((e) => e.adId === adId);
        if (rules?.dates === true)
          expect((ad?.startAt ?? 0) <= query.asOf && query.asOf < (ad?.endAt ?? Infinity)).toBe(true);
        if (rules?.budget === true) expect(ad?.budgetLeft ?? 1).toBeGreaterThan(0);
        if (rules?.targeting === true)
          for (const [name, accepted] of Object.entries(ad?.targeting ?? {}))
            expect(accepted).toContain(user?.attributes[name]);
        const { alreadyBought = null, frequencyCap: cap = null, blocklist = [] } = rules ?? {};
        if (alreadyBought !== null) expect(own.filter((e) => alreadyBought.kinds.includes(e.kind))).toEqual([]);
        if (cap !== null)
          expect(
            own.filter((e) => cap.kinds.includes(e.kind) && e.at >= query.asOf - cap.windowMs).length,
          ).toBeLessThan(cap.max);
        expect(blocklist).not.toContain(adId);
      }
    }),
    { numRuns: 200 },
  );
});

test('model and i2i lists are sorted by score, then by ad id', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.constantFrom('model' as const, 'i2i' as const), async (one, mode) => {
      const { candidates } = await createEngine(depsOf(one)).recall({ ...one.query, mode });
      candidates.slice(1).forEach((candidate, i) => {
        const above = candidates[i];
        if (above === undefined) return;
        expect(above.score > candidate.score || (above.score === candidate.score && above.adId < candidate.adId)).toBe(
          true,
        );
      });
    }),
    { numRuns: 200 },
  );
});

test('modelScore is the inner product of the user and ad vectors for every candidate of every mode', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const { vectors, dim } = one.world;
      const { candidates, userVector } = await createEngine(depsOf(one)).recall(one.query);
      for (const { ordinal, modelScore } of candidates) {
        const product = (userVector ?? []).reduce((sum, x, d) => sum + x * (vectors[ordinal * dim + d] ?? 0), 0);
        expect(Math.abs((modelScore ?? Infinity) - product)).toBeLessThan(1e-6);
      }
    }),
    { numRuns: 100 },
  );
});

test('legacy and merged lists equal the reference merge of their channels and lose no provenance', async () => {
  await fc.assert(
    fc.asyncProperty(
      cases,
      fc.constantFrom('legacy' as const, 'merged' as const),
      fc.uniqueArray(fc.constantFrom(...channelNames), { maxLength: 2 }),
      async (one, mode, disabled) => {
        const query = { ...one.query, mode, disabled };
        const engine = createEngine(depsOf(one));
        const runs = await Promise.all(
          sourcesOf(query).map(({ channel, quota }) =>
            engine.core.runChannel(query, channel, channelDepth(query, quota)),
          ),
        );
        const lists = new Map(runs.map((run) => [run.channel, run.hits.map((hit) => hit.ordinal)]));
        const expected = referenceMerge(mode === 'legacy' ? query.rules : query.merge, disabled, lists, query.k);
        const { candidates } = await engine.recall(query);
        expect(
          candidates.map(({ ordinal, via, channels }) => ({
            ordinal,
            via,
            from: channels.map((hit) => `${hit.channel}#${hit.rank}`),
          })),
        ).toEqual(expected);
        for (const { via, score, channels } of candidates)
          expect(channels.find((hit) => hit.channel === via)?.score).toBe(score);
      },
    ),
    { numRuns: 200 },
  );
});

test('a deeper read of a rule or i2i channel only appends to a shallower one', async () => {
  await fc.assert(
    fc.asyncProperty(
      cases,
      fc.constantFrom(...channelNames.filter((name) => name !== 'model')),
      fc.integer({ min: 1, max: 15 }),
      async (one, channel, limit) => {
        const { core } = createEngine(depsOf(one));
        const [shallow, deep] = [
          await core.runChannel(one.query, channel, limit),
          await core.runChannel(one.query, channel, one.world.ads.length),
        ];
        expect(shallow.hits).toEqual(deep.hits.slice(0, limit));
      },
    ),
    { numRuns: 150 },
  );
});

test('weights and knock-outs never move a legacy or i2i list', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.constantFrom('legacy' as const, 'i2i' as const), async (one, mode) => {
      const engine = createEngine(depsOf(one));
      const plain = { ...one.query, mode, weights: {}, excludedEvents: [] };
      const list = async (query: typeof plain) =>
        (await engine.recall(query)).candidates.map(({ modelScore: _, ...rest }) => rest);
      expect(
        await list({ ...plain, weights: one.query.weights, excludedEvents: [...one.query.excludedEvents] as never[] }),
      ).toEqual(await list(plain));
    }),
    { numRuns: 100 },
  );
});

test('the same query twice, and read back from JSON, gives the same bytes but for timings', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const engine = createEngine(depsOf(one));
      const first = await engine.recall(one.query);
      const reread = parseQuery(JSON.parse(JSON.stringify(first.query)), groups);
      expect(bytes(await engine.recall(one.query))).toBe(bytes(first));
      expect(bytes(await createEngine(depsOf(one)).recall(reread))).toBe(bytes(first));
      expect(JSON.stringify(reread)).toBe(JSON.stringify(first.query));
      expect(canonicalQuery(reread, groups)).toBe(canonicalQuery(one.query, groups));
      expect(bytes(JSON.parse(JSON.stringify(first)))).toBe(bytes(first));
    }),
    { numRuns: 150 },
  );
});
