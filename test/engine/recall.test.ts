import { describe, expect, it, test } from 'vitest';
import type { EligibilityMask } from '../../src/domain/ads.ts';
import type { BehaviourEvent } from '../../src/domain/events.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import { RecallError } from '../../src/errors.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { lossyEf } from '../support/memory-model.ts';
import { hour, makeWorld, worldDeps, worldEnd, worldQuery } from '../support/memory-world.ts';
import type { MemoryWorld } from '../support/memory-world.ts';

const open = worldQuery('u1', { eligibility: false });
const failure = async (work: () => Promise<unknown>): Promise<RecallError> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof RecallError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
/** The world with these events of u1, who has no friends. */
const withEvents = (
  world: MemoryWorld,
  events: Array<Partial<BehaviourEvent> & { kind: string; at: number }>,
): MemoryWorld => ({
  ...world,
  friends: world.friends.filter((friendship) => friendship.userId !== 'u1'),
  events: [
    ...world.events.filter((e) => e.userId !== 'u1'),
    ...events.map((event, i) => ({
      eventId: `x${i}`,
      userId: 'u1',
      platform: null,
      adId: null,
      query: null,
      peerId: null,
      ...event,
    })),
  ],
});

test('an unknown user is an error that names the nearest ids', async () => {
  const error = await failure(() => createEngine(worldDeps(makeWorld())).recall({ ...open, userId: 'u99' }));
  expect(error.code).toBe('unknown-user');
  expect(error.found).toContain('u0');
});

test('a knock-out of an unknown event, or of one after as-of, is an error', async () => {
  const world = makeWorld();
  const later = world.events.find((event) => event.userId === 'u1' && event.at >= open.asOf);
  const engine = createEngine(worldDeps(world));
  expect((await failure(() => engine.recall({ ...open, excludedEvents: ['nope'] }))).code).toBe('unknown-event');
  expect((await failure(() => engine.recall({ ...open, excludedEvents: [later?.eventId ?? ''] }))).code).toBe(
    'unknown-event',
  );
});

test('a hypothetical event at as-of is refused: it could not have influenced the result', async () => {
  const error = await failure(() =>
    createEngine(worldDeps(makeWorld())).recall({
      ...open,
      extraEvents: [{ kind: 'search', at: open.asOf, query: 'lamp' }],
    }),
  );
  expect(error.code).toBe('usage');
});

test('a user without behaviour gets an answer, and silent says which channels could not help', async () => {
  const engine = createEngine(worldDeps(withEvents(makeWorld(), [])));
  const { candidates, silent, notices } = await engine.recall({ ...open, mode: 'merged' });
  expect(candidates.length).toBe(10);
  expect(Object.keys(silent).sort()).toEqual(['frequent-category', 'i2i', 'keyword', 'recent-category']);
  expect(notices.join()).toContain('no behaviour before as-of');
});

test('keyword evidence names the query, its event and the words the ad contains; an older query weighs less', async () => {
  const world = withEvents(makeWorld(), [
    { kind: 'search', at: open.asOf - 2 * hour, query: 'kettle' },
    { kind: 'search', at: open.asOf - hour, query: 'lamp zzz' },
  ]);
  const { core } = createEngine(worldDeps(world));
  const { hits } = await core.runChannel(open, 'keyword', 60);
  expect(hits.length).toBeGreaterThan(1);
  for (const { ordinal, score, evidence } of hits) {
    if (evidence.type !== 'matched-query') throw new Error(evidence.type);
    const [word, eventId, position] =
      evidence.query === 'kettle' ? (['kettle', 'x0', 2] as const) : (['lamp', 'x1', 1] as const);
    expect(evidence.eventId).toBe(eventId);
    expect(evidence.terms).toEqual([word]);
    expect(world.ads[ordinal]?.title).toContain(word);
    expect(score).toBeCloseTo(evidence.bm25 / Math.sqrt(position), 12);
  }
});

test('recent-category follows the latest browse of a known ad and orders by popularity, then id', async () => {
  const world = withEvents(makeWorld(), [
    { kind: 'view', at: open.asOf - 3 * hour, adId: 'ad-0007' },
    { kind: 'view', at: open.asOf - hour, adId: 'not-in-the-catalogue' },
    { kind: 'purchase', at: open.asOf - hour, adId: 'ad-0014' },
  ]);
  const { core } = createEngine(worldDeps(world));
  const { hits } = await core.runChannel(open, 'recent-category', 60);
  const category = world.ads.find((ad) => ad.adId === 'ad-0007')?.category;
  expect(hits.length).toBe(world.ads.filter((ad) => ad.category === category).length);
  expect(hits[0]?.evidence).toMatchObject({ type: 'latest-browse', eventId: 'x0', category });
  const counts = core.popularity.counts(open);
  const expected = world.ads
    .filter((ad) => ad.category === category)
    .map((ad) => ad.ordinal)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  expect(hits.map((hit) => hit.ordinal)).toEqual(expected);
});

test('frequent-category shares its list in proportion to the behaviours', async () => {
  const base = makeWorld({ ads: 200 });
  const of = (category: string): string => base.ads.find((ad) => ad.category === category)?.adId ?? '';
  const world = withEvents(base, [
    ...[1, 2, 3].map((i) => ({ kind: 'view', at: open.asOf - i * hour, adId: of('toys') })),
    { kind: 'click', at: open.asOf - 9 * hour, adId: of('home > light') },
  ]);
  const { hits } = await createEngine(worldDeps(world)).core.runChannel(open, 'frequent-category', 8);
  const categories = hits.map((hit) => world.ads[hit.ordinal]?.category);
  expect(categories.filter((category) => category === 'toys').length).toBe(6);
  expect(hits[0]?.evidence).toMatchObject({ type: 'category-count', category: 'toys', behaviours: 3 });
});

test('popular counts the behaviours of everybody in the window, and only those before as-of', async () => {
  const world = makeWorld();
  const { hits } = await createEngine(worldDeps(world)).core.runChannel(open, 'popular', 60);
  const from = open.asOf - (open.rules.popularWindowMs ?? 0);
  for (const { ordinal, score } of hits) {
    const adId = world.ads[ordinal]?.adId;
    expect(score).toBe(
      world.events.filter(
        (e) => e.adId === adId && e.at >= from && e.at < open.asOf && open.rules.popularKinds.includes(e.kind),
      ).length,
    );
  }
  expect(hits.map((hit) => hit.score)).toEqual(hits.map((hit) => hit.score).sort((a, b) => b - a));
});

test("priority keeps the operator's order and reports ads that do not exist", async () => {
  const { candidates, notices } = await createEngine(worldDeps(makeWorld())).recall({
    ...open,
    mode: 'legacy',
    rules: { ...open.rules, order: ['priority'] },
  });
  expect(candidates.map((c) => c.adId)).toEqual(['ad-0007', 'ad-0014', 'ad-0021']);
  expect(candidates[2]?.channels[0]?.evidence).toEqual({ type: 'preset-position', position: 4 });
  expect(notices.join()).toContain('names 1 ad this workspace does not have');
});

test('i2i evidence is the past item that gave most, with its weight and share of the score', async () => {
  const deps = worldDeps(
    withEvents(makeWorld(), [
      { kind: 'view', at: open.asOf - 2 * hour, adId: 'ad-0007' },
      { kind: 'impression', at: open.asOf - hour, adId: 'ad-0021' },
      { kind: 'view', at: open.asOf - hour, adId: 'ad-0014' },
    ]),
  );
  const neighbours = new Map([
    [
      deps.catalog.ordinalOf('ad-0014') ?? -1,
      [
        [3, 0.5],
        [5, 0.1],
      ],
    ],
    [deps.catalog.ordinalOf('ad-0007') ?? -1, [[5, 0.9]]],
  ]);
  const i2i = {
    builtUntil: null,
    neighbours: (ordinal: number) => {
      const list = neighbours.get(ordinal) ?? [];
      return {
        ordinals: Int32Array.from(list, ([o]) => o ?? 0),
        similarities: Float32Array.from(list, ([, s]) => s ?? 0),
      };
    },
  };
  const { hits } = await createEngine({ ...deps, i2i }).core.runChannel(open, 'i2i', 9);
  const older = Math.fround(0.9) / Math.sqrt(2);
  expect(hits.map((hit) => hit.ordinal)).toEqual([5, 3]);
  expect(hits[0]?.score).toBeCloseTo(older + 0.1, 6);
  expect(hits[0]?.evidence).toMatchObject({
    type: 'past-item',
    adId: 'ad-0007',
    eventId: 'x0',
    weight: 1 / Math.sqrt(2),
  });
  expect(hits[0]?.evidence).toHaveProperty('share', older / (older + Math.fround(0.1)));
});

test('a hypothetical search, friend or view reaches the channels and the tower, and changes nothing else', async () => {
  const world = withEvents(makeWorld(), []);
  world.events.push({
    eventId: 'bought',
    userId: 'u0',
    kind: 'purchase',
    at: open.asOf - hour,
    platform: null,
    adId: 'ad-0007',
    query: null,
    peerId: null,
  });
  const engine = createEngine(worldDeps(world));
  const ask = (extraEvents: RecallQuery['extraEvents']) => engine.recall({ ...open, mode: 'merged', extraEvents });
  const searched = await ask([{ kind: 'search', at: open.asOf - 1, query: 'lamp' }]);
  const viewed = await ask([{ kind: 'view', at: open.asOf - 1, adId: 'ad-0007' }]);
  const plain = await ask([]);
  expect(searched.silent).not.toHaveProperty('keyword');
  expect(viewed.silent).not.toHaveProperty('recent-category');
  expect(searched.userVector).not.toEqual(plain.userVector);
  expect(await ask([])).toMatchObject({ candidates: plain.candidates });
  const inputs = await engine.core.inputs({
    ...open,
    extraEvents: [{ kind: 'friend', at: open.asOf - 1, peerId: 'u0' }],
  });
  expect(inputs.groups.find((group) => group.group === 'social')?.items[0]).toMatchObject({
    eventId: 'bought',
    peerId: 'u0',
  });
});

test('a knocked-out event keeps its slot: no older event moves up', async () => {
  const engine = createEngine(worldDeps(makeWorld({ eventsPerUser: 40 })));
  const browse = (inputs: Awaited<ReturnType<typeof engine.core.inputs>>) =>
    inputs.groups.find((group) => group.group === 'browse')?.items ?? [];
  const before = browse(await engine.core.inputs(open));
  const eventId = before[0]?.eventId ?? '';
  const after = browse(await engine.core.inputs({ ...open, excludedEvents: [eventId] }));
  expect(after.map((item) => item.eventId)).toEqual(before.map((item) => item.eventId));
  expect(after.filter((item) => item.excluded).map((item) => item.eventId)).toEqual([eventId]);
});

test('check-ann compares this very list with the exact scan and names what the index missed', async () => {
  const world = makeWorld({ ads: 200 });
  const engine = createEngine(worldDeps(world, { index: 'lossy' }));
  const { ann, candidates, userVector } = await engine.recall({ ...open, k: 20, ef: 20 }, { checkAnn: true });
  const exact = await worldDeps(world).scan?.topK(Float32Array.from(userVector ?? []), 20);
  const missed = Array.from(exact?.ordinals ?? []).filter((ordinal) => lossyEf(world, ordinal) > 20);
  expect(missed.length).toBeGreaterThan(0);
  expect(ann).toMatchObject({
    method: 'hnsw',
    effectiveEf: 20,
    recallAtK: 1 - missed.length / 20,
    missed: missed.map((ordinal) => world.ads[ordinal]?.adId),
  });
  expect(candidates.length).toBe(20);
});

test('a tight filter switches to the exact scan and says so', async () => {
  const settings = { tightFilter: 0.99 };
  const engine = createEngine(worldDeps(makeWorld(), { index: 'lossy', settings }));
  const { ann, candidates } = await engine.recall({ ...open, eligibility: true }, { checkAnn: true });
  expect(ann).toMatchObject({ method: 'exact-scan', recallAtK: 1, missed: [] });
  expect(ann?.reason).toContain('below 99 %');
  expect(candidates[0]?.channels[0]?.evidence.type).toBe('exact-scan');
  expect((await engine.recall(open)).ann?.method).toBe('hnsw');
});

test('a query before an artefact was finished says that it leaks, and names the artefact', async () => {
  const engine = createEngine(worldDeps(makeWorld(), { builtUntil: worldEnd }));
  expect((await engine.recall(open)).leaks).toEqual([
    'model: built on data until 2024-06-30T00:00:00.000Z, as-of is 2024-06-10T00:00:00.000Z',
  ]);
  expect((await engine.recall({ ...open, mode: 'i2i' })).leaks[0]).toContain('i2i');
  expect((await engine.recall({ ...open, mode: 'legacy' })).leak).toBe(false);
  expect((await engine.recall({ ...open, asOf: worldEnd })).leak).toBe(false);
});

test('without a model the rules still answer, and mode model says what is missing', async () => {
  const engine = createEngine(worldDeps(makeWorld(), { model: 'none', i2i: false }));
  const legacy = await engine.recall({ ...open, mode: 'merged' });
  expect(legacy.candidates.length).toBe(10);
  expect(legacy.candidates.every((candidate) => candidate.modelScore === null)).toBe(true);
  expect(legacy.silent).toMatchObject({
    model: 'this workspace has no user model',
    i2i: 'this workspace has no item-to-item table',
  });
  expect((await failure(() => engine.recall(open))).code).toBe('unsupported');
  expect((await failure(() => engine.recall({ ...open, mode: 'i2i' }))).code).toBe('unsupported');
});

test('without an index the exact scan serves, and says why', async () => {
  const { ann, candidates } = await createEngine(worldDeps(makeWorld(), { index: 'none' })).recall(open);
  expect(ann).toMatchObject({ method: 'exact-scan', reason: 'this workspace has no index' });
  expect(candidates.length).toBe(10);
});

test('the cutoff is the score to beat, and null while the list is not full', async () => {
  const engine = createEngine(worldDeps(makeWorld()));
  const full = await engine.recall(open);
  expect(full.cutoff).toBe(full.candidates[9]?.score);
  expect((await engine.recall({ ...open, k: 61, ef: 61 })).cutoff).toBeNull();
});

test('a cancelled signal ends a recall with exit code 130', async () => {
  const error = await failure(() => createEngine(worldDeps(makeWorld())).recall(open, { signal: AbortSignal.abort() }));
  expect(error.exitCode).toBe(130);
});

test('encodings are cached by user, as-of, context and knock-outs; weights reuse them', async () => {
  const deps = worldDeps(makeWorld());
  const encoder = await deps.encoder();
  let encoded = 0;
  if (encoder === null) throw new Error('no encoder');
  const counting = {
    ...encoder,
    encodeGroups: (batch: Parameters<typeof encoder.encodeGroups>[0]) => {
      encoded += batch.length;
      return encoder.encodeGroups(batch);
    },
  };
  const { core, recall } = createEngine({ ...deps, encoder: () => Promise.resolve(counting) });
  await recall(open);
  await recall({ ...open, weights: { ...open.weights, search: 3 }, k: 5, mode: 'merged' });
  expect(encoded).toBe(1);
  await core.encodeMany([
    open,
    { ...open, context: { promo: '618' } },
    { ...open, context: { promo: '618' } },
    { ...open, userId: 'u2' },
  ]);
  expect(encoded).toBe(3);
});

test('rows are hydrated with the ad and the first engagement after as-of', async () => {
  const world = makeWorld({ ads: 12 });
  const engine = createEngine(worldDeps(world));
  const result = await engine.recall({ ...open, k: 12 });
  const adId = result.candidates[3]?.adId ?? '';
  world.events.push({
    eventId: 'late',
    userId: 'u1',
    kind: 'purchase',
    at: open.asOf,
    platform: null,
    adId,
    query: null,
    peerId: null,
  });
  const row = engine.hydrate(result)[3];
  expect(row).toMatchObject({
    adId,
    engaged: true,
    engagement: { kind: 'purchase', at: open.asOf },
    title: world.ads.find((ad) => ad.adId === adId)?.title,
  });
});

test('compare lists the ads that entered, left and moved from the first list to the second', async () => {
  const engine = createEngine(worldDeps(makeWorld()));
  const same = await engine.compare(open, open);
  expect(same).toMatchObject({
    overlap: { jaccard: 1, rbo: 1, kendallTau: 1, common: 10 },
    entered: [],
    left: [],
    moved: [],
  });
  const { a, b, entered, left, moved, overlap } = await engine.compare(open, { ...open, mode: 'legacy' });
  expect(entered.length + overlap.common).toBe(b.candidates.length);
  expect(left.length + overlap.common).toBe(a.candidates.length);
  for (const { adId, from, to } of moved)
    expect([a.candidates[(from ?? 0) - 1]?.adId, b.candidates[(to ?? 0) - 1]?.adId]).toEqual([adId, adId]);
});

test("the default as-of is the workspace's, else just after the user's last event, else after the sample's newest", () => {
  const world = withEvents(makeWorld(), [{ kind: 'view', at: 1234, adId: 'ad-0007' }]);
  const engine = createEngine(worldDeps({ ...world, users: [...world.users, { userId: 'empty', attributes: {} }] }));
  const defaults = {
    k: 10,
    ef: 50,
    mode: 'model' as const,
    context: {},
    merge: open.merge,
    rules: open.rules,
    asOf: null,
  };
  expect(engine.defaultQuery({ ...defaults, asOf: 99 }, 'u1').asOf).toBe(99);
  expect(engine.defaultQuery(defaults, 'u1').asOf).toBe(1235);
  expect(engine.defaultQuery(defaults, 'empty').asOf).toBe(Math.max(...world.events.map((event) => event.at)) + 1);
});

describe('the funnel of the model channel', () => {
  const deps = worldDeps(makeWorld());
  const { index } = deps;
  if (index === null) throw new Error('the world has an index');
  // Every fifth ad has no element, every fifth one that is marked as deleted.
  const states = Uint8Array.from({ length: index.size }, (_, i) => (i % 5 === 0 ? 0 : i % 5 === 1 ? 2 : 1));
  const only = (bits: ArrayLike<number>): EligibilityMask => ({
    bits: Uint8Array.from(states, (state, i) => (state === 1 && bits[i] === 1 ? 1 : 0)),
    eligible: 0,
    dropped: {},
  });
  const lacking = createEngine({
    ...deps,
    index: {
      ...index,
      elements: { states, deleted: 0, labelOf: String },
      search: (vector, k, ef, mask) => index.search(vector, k, ef, only(mask?.bits ?? states.map(() => 1))),
    },
  });

  it('counts ads that no search can return as not-indexed, the rest beyond the list as quota', async () => {
    const { funnel, candidates } = await lacking.recall(open);
    expect(candidates).toHaveLength(10);
    expect(funnel.find(({ stage }) => stage === 'model')).toEqual({
      stage: 'model',
      in: 60,
      out: 10,
      dropped: { 'not-indexed': 24, quota: 26 },
    });
  });

  it('charges an ad to the filter that drops it rather than to the index', async () => {
    const query = worldQuery('u1');
    const { funnel } = await lacking.recall(query);
    const eligible = lacking.core.mask(query)?.bits ?? [];
    const model = funnel.find(({ stage }) => stage === 'model');
    const filtered = funnel.find(({ stage }) => stage === 'eligible')?.dropped ?? {};
    expect(model?.dropped['not-indexed']).toBe([...states].filter((s, i) => s !== 1 && eligible[i] === 1).length);
    expect(model?.dropped).toMatchObject(filtered);
    const dropped = Object.values(model?.dropped ?? {}).reduce((sum, n) => sum + n, 0);
    expect((model?.in ?? 0) - (model?.out ?? 0)).toBe(dropped);
  });
});
