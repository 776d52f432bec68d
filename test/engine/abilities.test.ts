import { describe, expect, it } from 'vitest';
import type { ArgValues } from '../../src/console/command.ts';
import type { Abilities } from '../../src/domain/abilities.ts';
import { blastCommand } from '../../src/commands/change/blast.ts';
import { explainCommand } from '../../src/commands/why/explain.ts';
import { findCommand } from '../../src/commands/registry.ts';
import { recallCommand } from '../../src/commands/recall/recall.ts';
import { byEvents } from '../../src/engine/counterfactual/events.ts';
import { byWeights } from '../../src/engine/counterfactual/weights.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { explain } from '../../src/engine/explain/explain.ts';
import { attributePlatforms } from '../../src/engine/platforms.ts';
import { stability } from '../../src/engine/stability.ts';
import { timeline } from '../../src/engine/timeline.ts';
import { whyNot } from '../../src/engine/why-not/why-not.ts';
import { linesOf } from '../../src/views/answers/answer-views.ts';
import { renderPlain } from '../../src/views/text/render.ts';
import { fakeContext, fakeWorkspace } from '../commands/fake-workspace.ts';
import { makeWorld, worldDeps, worldQuery } from '../support/memory-world.ts';

const why = 'its vectors are precomputed';
const none: Abilities = {
  weights: why,
  groups: why,
  events: why,
  approximations: [{ touches: 'all', says: 'the vector does not follow as-of' }],
};
const rough: Abilities = {
  weights: true,
  groups: true,
  events: true,
  approximations: [
    { touches: 'weights', says: 'weights scale event weights' },
    { touches: 'groups', says: 'not trained with groups masked' },
  ],
};
const world = makeWorld({ seed: 5 });
const engineOf = (abilities: Abilities) => createEngine(worldDeps(world, { abilities }));
const query = worldQuery('u1');
const heavy = { ...query, weights: { ...query.weights, browse: 2 } };

describe('a model without a tower', () => {
  const engine = createEngine({ ...worldDeps(world, { abilities: none }), adEncoder: () => Promise.resolve(null) });
  const refused = { code: 'unsupported', message: expect.stringContaining(why) };

  it('answers the plain query, why-not with its exact rank, and time, and says what holds only approximately', async () => {
    const { candidates, approximations } = await engine.recall(query);
    expect(candidates.length).toBe(query.k);
    expect(approximations).toEqual(['the vector does not follow as-of']);
    const missing = world.ads.find(
      (ad) => !candidates.some((c) => c.adId === ad.adId) && engine.core.dropReason(query, ad.ordinal) === null,
    );
    const verdict = await whyNot(engine, query, missing?.adId ?? '');
    expect(verdict).toMatchObject({
      verdict: 'below-cutoff',
      channels: [{ channel: 'model', evidence: { type: 'rank' } }],
    });
    expect(verdict.approximations).toContain('the vector does not follow as-of');
    expect(
      verdict.approximations.some((one) => one.startsWith('whether its stored vector is stale was not checked')),
    ).toBe(true);
    expect(verdict.repair?.change.type).not.toBe('weight');
    const { points } = await timeline(engine, query, candidates[0]?.adId ?? '', {
      from: query.asOf - 1000,
      to: query.asOf,
      stepMs: 1000,
    });
    expect(points.map(({ groups, modelScore }) => [groups, typeof modelScore])).toEqual([
      [[], 'number'],
      [[], 'number'],
    ]);
  });

  it('refuses whatever needs one, with its own reason', async () => {
    const event = engine.core.history(query)[0]?.eventId ?? '';
    await expect(engine.recall(heavy)).rejects.toMatchObject(refused);
    await expect(engine.recall({ ...query, weights: { ...query.weights, browse: 0 } })).rejects.toMatchObject(refused);
    await expect(engine.recall({ ...query, excludedEvents: [event] })).rejects.toMatchObject(refused);
    await expect(
      engine.recall({ ...query, extraEvents: [{ kind: 'search', at: query.asOf - 1, query: 'lamp' }] }),
    ).rejects.toMatchObject(refused);
    await expect(explain(engine, query, 'ad-0007')).rejects.toMatchObject(refused);
    await expect(stability(engine, query, null)).rejects.toMatchObject(refused);
    await expect(byWeights(engine, query, 'ad-0007')).rejects.toMatchObject(refused);
    await expect(byEvents(engine, query, 'ad-0007')).rejects.toMatchObject(refused);
    await expect(attributePlatforms(engine.core, query, [0])).rejects.toMatchObject(refused);
  });

  it('leaves the rules alone: their list is the same under any weight, and the answer names the missing scores', async () => {
    const plain = await engine.recall({ ...query, mode: 'legacy' });
    const turned = await engine.recall({ ...heavy, mode: 'legacy' });
    expect(turned.candidates.map((c) => c.adId)).toEqual(plain.candidates.map((c) => c.adId));
    expect(turned.notices.some((notice) => notice.includes(why))).toBe(true);
    expect(turned.candidates.every((c) => c.modelScore === null)).toBe(true);
  });

  it('disables the keys that need one with that reason, and refuses a blast of weights before its first user', async () => {
    const facts = { hasModel: true, abilities: none, hasIndex: true, hasI2i: true, userId: 'u1', adId: 'ad-0007' };
    expect(explainCommand.when?.(facts)).toBe(why);
    expect(explainCommand.when?.({ ...facts, abilities: rough })).toBe(true);
    const context = fakeContext(fakeWorkspace({ world, deps: { abilities: none } }));
    await expect(blastCommand.run(context, { weight: ['browse=2'], workers: 0 })).rejects.toMatchObject(refused);
  });
});

describe('a model of which some parts hold only approximately', () => {
  it('warns exactly in the answers that those parts touch', async () => {
    const engine = engineOf(rough);
    expect((await engine.recall(query)).approximations).toEqual([]);
    expect((await engine.recall(heavy)).approximations).toEqual(['weights scale event weights']);
    expect((await engine.recall({ ...query, weights: { ...query.weights, browse: 0 } })).approximations).toEqual([
      'not trained with groups masked',
    ]);
    expect((await explain(engine, query, 'ad-0007')).approximations).toEqual(['not trained with groups masked']);
    expect((await stability(engine, query, null)).approximations).toEqual([
      'weights scale event weights',
      'not trained with groups masked',
    ]);
  });

  it('prints the warning with the answer', async () => {
    const result = await recallCommand.run(fakeContext(fakeWorkspace({ world, deps: { abilities: rough } })), {
      user: 'u1',
      weight: ['browse=2'],
    });
    expect(result.data['approximations']).toEqual(['weights scale event weights']);
    expect(renderPlain(linesOf(result, 80))).toContain('≈ weights scale event weights');
  });
});

describe('a context value that the model does not know', () => {
  const contextFields = new Map([['hour', Array.from({ length: 24 }, (_, hour) => String(hour))]]);
  const workspace = fakeWorkspace({ world, deps: { contextFields } });
  const asked: ReadonlyArray<readonly [string, ArgValues]> = [
    ['recall', { user: 'u1' }],
    ['compare', { user: 'u1' }],
    ['explain', { user: 'u1', ad: 'ad-0007' }],
    ['explain', { user: 'u1' }],
    ['contrast', { user: 'u1', ad: 'ad-0007', other: 'ad-0014' }],
    ['why-not', { user: 'u1', ad: 'ad-0007' }],
    ['counterfactual', { user: 'u1', ad: 'ad-0007' }],
    ['counterfactual', { user: 'u1', ad: 'ad-0007', by: 'events' }],
    ['stability', { user: 'u1' }],
    ['scores', { user: 'u1' }],
    ['ef-curve', { user: 'u1' }],
    ['audience', { ad: 'ad-0007', workers: 0 }],
    ['timeline', { user: 'u1', ad: 'ad-0007' }],
    ['platforms', { user: 'u1' }],
    ['blast', { weight: ['browse=2'], workers: 0 }],
    ['what-if', { user: 'u1', search: ['lamp'] }],
  ];

  it.each(asked)('is named in the text of %s %j', async (id, args) => {
    const command = findCommand(id);
    if (command === undefined) throw new Error(`no command ${id}`);
    const result = await command.run(fakeContext(workspace), { ...args, context: ['hour=99'] });
    const text = renderPlain(linesOf(result, 200)).join('\n');
    expect(text.split('hour "99": unknown to the model').length - 1).toBe(1);
    const known = await command.run(fakeContext(workspace), { ...args, context: ['hour=9'] });
    expect(renderPlain(linesOf(known, 200)).join('\n')).not.toContain('unknown to the model');
  });
});
