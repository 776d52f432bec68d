import type { Unit } from '../../src/answers/session.ts';
import { describe, expect, it } from 'vitest';
import { defaultQuery } from '../../src/console/query-defaults.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { seededRandom } from '../../src/domain/random.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { EngineDeps } from '../../src/engine/deps.ts';
import type { Session, SessionStep } from '../../src/session/format.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { makeEvent, makeWorld, worldDeps } from '../support/memory-world.ts';
import { memoryEncoder, memoryI2i, memoryIndex } from '../support/memory-model.ts';
import { recording, replay, runnerFor, sessionWorkspace, sessionWorld, tenSteps } from './support.ts';
import { readSession } from '../../src/session/read.ts';

const changedHash = (c: string): string => c.repeat(64);

/** The workspace with some ports and fingerprints replaced, as a rebuilt artefact would. */
const rebuilt = (
  base: Workspace,
  deps: Partial<EngineDeps>,
  fingerprints: Partial<Workspace['fingerprints']>,
  more: Partial<Workspace> = {},
): Workspace => {
  const { settings, store, catalog, text, index, vectors, scan, i2i, encoder, adEncoder, clock } = base;
  const mixed: EngineDeps = {
    settings,
    store,
    catalog,
    text,
    index,
    vectors,
    scan,
    i2i,
    encoder,
    adEncoder,
    clock,
    ...deps,
  };
  return {
    ...base,
    ...mixed,
    engine: createEngine(mixed),
    fingerprints: { ...base.fingerprints, ...fingerprints },
    ...more,
  };
};

/** One planted change per unit; each alters answers of the modes it takes part in. */
const planted = (base: Workspace): Record<Exclude<Unit, 'backend'>, Workspace> => {
  const world = sessionWorld();
  const moved = { ...world, events: world.events.filter((_, i) => i % 2 === 0) };
  const model = memoryEncoder({ ...world, seed: 99 }, base.settings.groups, { mlp: true, builtUntil: null });
  const turned = {
    ...base.settings,
    eligibility: { ...base.settings.eligibility, dates: false, budget: false, targeting: false },
  };
  return {
    model: rebuilt(base, { encoder: () => Promise.resolve(model) }, { model: changedHash('1') }),
    graph: rebuilt(base, { index: memoryIndex(world, { lossy: true }) }, { index: changedHash('2') }),
    data: rebuilt(base, { store: worldDeps(moved).store }, { sample: changedHash('3') }),
    i2i: rebuilt(base, { i2i: memoryI2i({ ...world, seed: 77 }, null) }, { i2i: changedHash('4') }),
    rules: {
      ...base,
      rules: {
        ...defaultRules,
        quota: { ...defaultRules.quota, keyword: 0, 'recent-category': 0 },
        frequentCategories: 1,
        popularKinds: ['purchase'],
      },
      fingerprints: { ...base.fingerprints, rules: changedHash('5') },
    },
    settings: rebuilt(base, { settings: turned }, {}),
  };
};

const firstOf = (
  session: Session,
  affected: readonly SessionStep[],
  report: Awaited<ReturnType<typeof replay>>,
): void => {
  expect(affected.map(({ step }) => step)).toContain(report.first?.step);
  expect(
    report.outcomes.filter(({ step }) => step < (report.first?.step ?? 0)).every(({ status }) => status === 'pass'),
  ).toBe(true);
  expect(session.steps.length).toBe(10);
};

const modesOf: Readonly<Record<Exclude<Unit, 'backend'>, readonly string[]>> = {
  model: ['model', 'merged'],
  graph: ['model', 'merged'],
  data: ['model', 'i2i', 'legacy', 'merged'],
  i2i: ['i2i', 'merged'],
  rules: ['legacy', 'merged'],
  settings: ['model', 'i2i', 'legacy', 'merged'],
};

describe('a replay on changed artefacts', () => {
  it('proves each unit as the cause when the recorded artefacts are at hand', async () => {
    const recorded = sessionWorkspace();
    const session = await tenSteps(recorded);
    for (const [unit, present] of Object.entries(planted(recorded))) {
      const report = await replay(session, present, { recorded });
      expect(
        report.differing.map((one) => one.unit),
        unit,
      ).toEqual([unit]);
      expect(report.first?.status, unit).toBe('fail');
      expect({ unit, names: report.first?.cause.names, proved: report.first?.cause.proved }).toEqual({
        unit,
        names: [unit],
        proved: true,
      });
      firstOf(
        session,
        session.steps.filter((step) => modesOf[unit as keyof typeof modesOf].includes(String(step.query?.['mode']))),
        report,
      );
    }
  });

  it('names each unit by what the fingerprints leave over when they are not', async () => {
    const recorded = sessionWorkspace();
    const session = await tenSteps(recorded);
    for (const [unit, present] of Object.entries(planted(recorded))) {
      const report = await replay(session, present);
      expect({ unit, names: report.first?.cause.names }).toEqual({ unit, names: [unit] });
      // The recorded rules stand in the step itself: they are put back and run.
      expect(report.first?.cause.proved).toBe(unit === 'rules');
    }
  });

  it('finds the one of several changed units that matters', async () => {
    const recorded = sessionWorkspace();
    const session = await tenSteps(recorded);
    const { model } = planted(recorded);
    const present = rebuilt(model, {}, { sample: changedHash('6'), i2i: changedHash('7') });
    const report = await replay(session, present, { recorded });
    expect(report.differing.map(({ unit }) => unit)).toEqual(['model', 'i2i', 'data']);
    expect(report.first?.cause).toMatchObject({ kind: 'unit', names: ['model'], proved: true });
    expect((await replay(session, present)).first?.cause).toMatchObject({ names: ['model', 'data'], proved: false });
  });

  it('names every minimal set where each of several units mends the step by itself', async () => {
    const present = sessionWorkspace();
    const user = 'u1';
    const [first] = (await present.engine.recall(defaultQuery(present, user))).candidates;
    // The recording's sample has the ad as ended and its settings blocked it: with either the ad is out again.
    const world = sessionWorld();
    const ended = { ...world, ads: world.ads.map((ad) => (ad.adId === first?.adId ? { ...ad, endAt: 1 } : ad)) };
    const blocked = {
      ...present.settings,
      eligibility: { ...present.settings.eligibility, blocklist: [first?.adId ?? ''] },
    };
    const { store, catalog, text } = worldDeps(ended);
    const recorded = rebuilt(present, { store, catalog, text, settings: blocked }, { sample: changedHash('8') });
    const { ask, recorder, path } = await recording(recorded);
    await ask('recall', { user });
    recorder.expect({ kind: 'ids' });
    recorder.close();
    const { first: failed } = await replay(await readSession(path), present, { recorded });
    expect(failed?.cause).toMatchObject({
      kind: 'unit',
      names: ['data'],
      sets: [['data'], ['settings']],
      proved: true,
    });
  });

  it('names a backend that is another', async () => {
    const recorded = sessionWorkspace();
    const session = await tenSteps(recorded);
    const model = planted(recorded).model;
    const present: Workspace = {
      ...model,
      fingerprints: recorded.fingerprints,
      backend: () => ({ name: 'wasm', version: '1', reason: '' }),
    };
    expect((await replay(session, present)).first?.cause).toMatchObject({ kind: 'unit', names: ['backend'] });
  });
});

const edits: Readonly<Record<string, (query: Record<string, unknown>) => Record<string, unknown>>> = {
  weights: (query) => ({
    ...query,
    weights: { ...(typeof query['weights'] === 'object' ? query['weights'] : {}), browse: 0, search: 4, context: 0 },
  }),
  ef: (query) => ({ ...query, ef: 1 }),
  k: (query) => ({ ...query, k: 3 }),
  mode: (query) => ({ ...query, mode: 'i2i' }),
  asOf: (query) => ({ ...query, asOf: Number(query['asOf']) - 30 * 86_400_000 }),
  context: (query) => ({ ...query, context: { promo: 'black-friday', device: 'tv' } }),
  disabled: (query) => ({ ...query, disabled: ['model'] }),
  eligibility: (query) => ({ ...query, eligibility: false }),
  extraEvents: (query) => ({
    ...query,
    extraEvents: [{ kind: 'search', at: Number(query['asOf']) - 1, query: 'robot kettle' }],
  }),
};

describe('a replay of an edited session', () => {
  it('names the knob that was changed in the file, at the step it was changed at', async () => {
    const workspace = sessionWorkspace({ deps: { index: 'lossy' } });
    const session = await tenSteps(workspace);
    for (const [knob, edit] of Object.entries(edits)) {
      const steps = session.steps.map((step) =>
        step.step === 7 && step.query !== undefined
          ? { ...step, query: { ...edit(step.query), userId: step.query.userId } }
          : step,
      );
      const report = await replay({ ...session, steps }, workspace);
      expect({ knob, step: report.first?.step, names: report.first?.cause.names }).toEqual({
        knob,
        step: 7,
        names: [knob],
      });
    }
  });

  it('names rules and merge of a step that uses them', async () => {
    const workspace = sessionWorkspace();
    const session = await tenSteps(workspace);
    const changed: Readonly<Record<string, unknown>> = {
      merge: { order: ['popular', 'i2i'], quota: { popular: 8, i2i: 1 } },
    };
    for (const [knob, value] of Object.entries(changed)) {
      const steps = session.steps.map((step) =>
        step.step === 6 && step.query !== undefined ? { ...step, query: { ...step.query, [knob]: value } } : step,
      );
      expect((await replay({ ...session, steps }, workspace)).first).toMatchObject({
        step: 6,
        cause: { kind: 'knob', names: [knob] },
      });
    }
    const rules = session.steps.map((step) =>
      step.step === 8 && step.query !== undefined
        ? { ...step, follows: [], query: { ...step.query, rules: { ...defaultRules, order: ['popular'] } } }
        : step,
    );
    expect((await replay({ ...session, steps: rules }, workspace)).first).toMatchObject({
      step: 8,
      cause: { kind: 'knob', names: ['rules'] },
    });
  });

  it('blames the artefacts that changed as well where the recorded ones mend the step in spite of the edit', async () => {
    const recorded = sessionWorkspace();
    const session = await tenSteps(recorded);
    const { model } = planted(recorded);
    // Step 1 is of mode model: the quotas of the merge take no part in its list, k does.
    const withFirst = (edit: (query: Record<string, unknown>) => Record<string, unknown>): Session => ({
      ...session,
      steps: session.steps.map((step) =>
        step.step === 1 && step.query !== undefined
          ? { ...step, query: { ...edit(step.query), userId: step.query.userId } }
          : step,
      ),
    });
    const idle = withFirst((query) => ({ ...query, merge: { order: ['model'], quota: { model: 3 } } }));
    const shorter = withFirst((query) => ({ ...query, k: 3 }));
    expect((await replay(idle, model, { recorded })).first).toMatchObject({
      step: 1,
      cause: { kind: 'unit', names: ['model'], proved: true },
    });
    expect((await replay(shorter, model, { recorded })).first).toMatchObject({
      step: 1,
      cause: {
        kind: 'knob',
        names: ['k'],
        text: expect.stringContaining('with the recorded artefacts'),
      },
    });
    // Without the recorded artefacts nothing can be run: both are said.
    expect((await replay(idle, model)).first?.cause).toMatchObject({
      kind: 'knob',
      proved: false,
      text: expect.stringContaining('differs from the recording too'),
    });
  });

  it('says that the expectation is another when nothing else is', async () => {
    const workspace = sessionWorkspace();
    const session = await tenSteps(workspace);
    const steps = session.steps.map((step) => (step.step === 7 ? { ...step, expect: { ids: ['no-such-ad'] } } : step));
    expect((await replay({ ...session, steps }, workspace)).first).toMatchObject({
      step: 7,
      cause: { kind: 'expectation' },
    });
  });
});

describe('a list of the rules', () => {
  it('fails in a replay as its command does, where a knock-out or a friend is not there', async () => {
    const workspace = sessionWorkspace();
    const { ask, recorder } = await recording(workspace);
    const query = await ask('recall', { user: 'u1', mode: 'legacy' });
    recorder.close();
    if (query === undefined) throw new Error('no query');
    const runner = runnerFor(workspace);
    const run = (change: Partial<typeof query>): Promise<unknown> =>
      runner.run({ command: 'recall', args: {}, query: { ...query, ...change }, other: null }, workspace);
    const changes: ReadonlyArray<readonly [Partial<typeof query>, string]> = [
      [{ excludedEvents: ['nobody-s'] }, 'unknown-event'],
      [{ extraEvents: [{ kind: 'friend', at: query.asOf - 1, peerId: 'nobody' }] }, 'unknown-user'],
    ];
    for (const [change, code] of changes) {
      await expect(workspace.engine.recall({ ...query, ...change })).rejects.toMatchObject({ code });
      await expect(run(change)).rejects.toMatchObject({ code });
    }
    await expect(run({})).resolves.toMatchObject({ schema: 'recall', query });
  });
});

describe('unchanged artefacts', () => {
  it('raise no alarm in 200 replays of sessions of every kind of question', async () => {
    const random = seededRandom(8);
    for (let i = 0; i < 20; i += 1) {
      const workspace = sessionWorkspace({ world: makeWorld({ seed: 30 + i, users: 5, ads: 50, eventsPerUser: 12 }) });
      const { recorder, ask, path } = await recording(workspace);
      for (let n = 0; n < 12; n += 1) {
        const user = `u${random.below(5)}`;
        const added = n < 6 ? { search: ['red lamp'], context: ['promo=618'] } : {};
        await ask('recall', { user, mode: (['model', 'i2i', 'legacy', 'merged'] as const)[n % 4], ...added });
        recorder.expect(
          ([{ kind: 'ids' }, { kind: 'rbo', atLeast: 0.99 }, { kind: 'scores', tolerance: 1e-6 }] as const)[n % 3] ?? {
            kind: 'set',
          },
        );
      }
      await ask('why-not', { user: 'u1', ad: 'ad-0007' });
      recorder.expect({ kind: 'verdict' });
      await ask('explain', { user: 'u2', ad: 'ad-0014' });
      await ask('compare', { user: 'u3' });
      await ask('events', { user: 'u4' });
      recorder.close();
      const session = await readSession(path);
      for (let again = 0; again < 10; again += 1) {
        const report = await replay(
          session,
          again % 2 === 0
            ? workspace
            : sessionWorkspace({ world: makeWorld({ seed: 30 + i, users: 5, ads: 50, eventsPerUser: 12 }) }),
        );
        expect({ i, again, failed: report.failed, changed: report.changed, first: report.first }).toEqual({
          i,
          again,
          failed: 0,
          changed: 0,
          first: null,
        });
      }
    }
  });

  it('raise none after an index rebuild when an RBO was expected', async () => {
    const world = sessionWorld();
    const workspace = sessionWorkspace();
    const { recorder, ask, path } = await recording(workspace);
    for (const user of ['u0', 'u1', 'u2', 'u3', 'u4']) {
      await ask('recall', { user, k: 20 });
      recorder.expect({ kind: 'rbo', atLeast: 0.6 });
    }
    recorder.close();
    const session = await readSession(path);
    const lossy = memoryIndex(world, { lossy: true });
    const otherSeed = rebuilt(
      workspace,
      { index: { ...lossy, search: (vector, k, _ef, mask) => lossy.search(vector, k, 1000, mask) } },
      { index: changedHash('9') },
    );
    const report = await replay(session, otherSeed);
    expect(report.differing.map(({ unit }) => unit)).toEqual(['graph']);
    expect(report.failed).toBe(0);
  });
});

describe('a change planted at step 7', () => {
  it('is reported at step 7: an event that only its user has', async () => {
    const world = sessionWorld();
    const workspace = sessionWorkspace({ world });
    const { recorder, ask, path } = await recording(workspace);
    for (let n = 1; n <= 9; n += 1) {
      await ask('recall', { user: n < 7 ? `u${n % 3}` : 'u5', mode: 'i2i' });
      recorder.expect({ kind: 'ids' });
    }
    recorder.close();
    const session = await readSession(path);
    const asOf = Number(session.steps[6]?.query?.['asOf']);
    const random = seededRandom(5);
    const added = Array.from({ length: 6 }, (_, i) => ({
      ...makeEvent(random, `new-${i}`, 'u5', world.ads, asOf - 1000 - i),
      kind: 'click',
      adId: world.ads[i * 9]?.adId ?? null,
      query: null,
    }));
    const present = rebuilt(
      workspace,
      { store: worldDeps({ ...world, events: [...world.events, ...added] }).store },
      { sample: changedHash('8') },
    );
    const report = await replay(session, present, { recorded: workspace });
    expect(report.first).toMatchObject({ step: 7, status: 'fail', cause: { names: ['data'], proved: true } });
  });
});
