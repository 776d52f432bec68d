import { describe, expect, it } from 'vitest';
import { platformsData } from '../../../src/commands/change/platforms.ts';
import { eventsData } from '../../../src/commands/look/events.ts';
import { queryFromArgs } from '../../../src/commands/query/args.ts';
import { whatIfCommand } from '../../../src/commands/change/what-if.ts';
import { behaviourFields } from '../../../src/domain/filter/events.ts';
import { matches } from '../../../src/domain/filter/match.ts';
import { parseFilter } from '../../../src/domain/filter/parse.ts';
import { eventFilterable } from '../../../src/state/filtering.ts';
import { makeWorld } from '../../support/memory-world.ts';
import { fakeContext, fakeWorkspace } from '../fake-workspace.ts';

const world = makeWorld({ seed: 3, users: 6, ads: 80, eventsPerUser: 20 });
world.events.forEach((event, i) => {
  world.events[i] = { ...event, platform: ['web', 'app', null][i % 3] ?? null };
});
const workspace = fakeWorkspace({ world });
const context = fakeContext(workspace);
const asOf = workspace.manifest.asOf ?? 0;
const own = world.events.filter((e) => e.userId === 'u1' && e.at < asOf);

describe('what-if events on the command line', () => {
  it('turn a filter into the ids it names, ids staying ids, both together as a union', async () => {
    const views = own.filter((e) => e.kind === 'view').map((e) => e.eventId);
    const search = own.find((e) => e.kind === 'search')?.eventId ?? '';
    expect(views.length).toBeGreaterThan(0);
    const { excludedEvents } = await queryFromArgs(context, { exclude: ['kind:view,who:own', search] }, 'u1');
    expect(excludedEvents).toEqual([...views, search].sort());
  });

  it('name by cat: the behaviours that the same filter shows in the list of behaviours', async () => {
    const query = await queryFromArgs(context, {}, 'u1');
    const { events } = eventsData(workspace, query, { limit: 1000, kinds: [] });
    const [some] = events.flatMap(({ category }) => category ?? []);
    for (const written of [some ?? '', (some ?? '').toUpperCase(), (some ?? '').slice(1), 'none of them']) {
      const filter = `cat:"${written}"`;
      const parsed = parseFilter(filter, behaviourFields);
      const shown = events.filter((event) => matches(parsed.terms, eventFilterable(event))).map((e) => e.eventId);
      expect(shown.length > 0).toBe(written !== 'none of them');
      const { excludedEvents } = await queryFromArgs(context, { exclude: [`${filter},who:own`] }, 'u1');
      expect(excludedEvents).toEqual(shown.sort());
    }
  });

  it('add views, purchases and friends just before as-of, and refuse unknown ads', async () => {
    const { extraEvents } = await queryFromArgs(
      context,
      { search: ['lamp'], view: ['ad-0007'], purchase: ['ad-0014'], friend: ['u2'] },
      'u1',
    );
    expect(extraEvents).toEqual([
      { kind: 'search', at: asOf - 1, query: 'lamp' },
      { kind: 'view', at: asOf - 1, adId: 'ad-0007' },
      { kind: 'purchase', at: asOf - 1, adId: 'ad-0014' },
      { kind: 'friend', at: asOf - 1, peerId: 'u2' },
    ]);
    await expect(queryFromArgs(context, { view: ['ad-none'] }, 'u1')).rejects.toMatchObject({ code: 'unknown-ad' });
    await expect(queryFromArgs(context, { exclude: ['since:soon'] }, 'u1')).rejects.toMatchObject({ code: 'usage' });
  });

  it('show their effect against the same query without them', async () => {
    const { data } = await whatIfCommand.run(context, { user: 'u1', exclude: ['until:2100-01-01'], k: 20 });
    const plain = await workspace.engine.recall(await queryFromArgs(context, { k: 20 }, 'u1'));
    const movement = data['movement'];
    if (typeof movement !== 'object' || movement === null || !('counts' in movement)) throw new Error('no movement');
    expect(data['queries']).toMatchObject({ plain: plain.query, changed: { excludedEvents: data['excluded'] } });
    expect(JSON.stringify(movement.counts)).not.toBe(JSON.stringify({ entered: 0, left: 0, moved: 0, stayed: 20 }));
    await expect(whatIfCommand.run(context, { user: 'u1' })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('the platform split', () => {
  it('shares each score out among the platforms: φ sums to the score minus that with no platform', async () => {
    const query = await queryFromArgs(context, { k: 10 }, 'u1');
    const { candidates, platforms } = await platformsData(workspace, query, context);
    expect(platforms.map((p) => p.platform).sort()).toEqual(['app', 'unknown', 'web']);
    const read = (await workspace.engine.core.inputs(query)).groups
      .flatMap((g) => g.items)
      .flatMap((i) => i.eventId ?? []);
    const bare = await workspace.engine.core.userVector({ ...query, excludedEvents: [...new Set(read)] });
    if (bare === null) throw new Error('the world has a model');
    const baseline = workspace.engine.core.modelScores(
      bare,
      candidates.map((c) => c.ordinal),
    );
    candidates.forEach((c, i) => {
      expect(c.phi.reduce((sum, x) => sum + x, 0)).toBeCloseTo((c.modelScore ?? 0) - (baseline?.[i] ?? 0), 5);
    });
    expect(platforms.reduce((sum, p) => sum + p.events, 0)).toBe(new Set(read).size);
    const [first] = platforms;
    const others = new Set(
      world.events.filter((e) => (e.platform ?? 'unknown') !== first?.platform).map((e) => e.eventId),
    );
    const alone = await workspace.engine.recall({ ...query, excludedEvents: read.filter((id) => others.has(id)) });
    expect(first?.candidates.map((c) => c.adId)).toEqual(alone.candidates.map((c) => c.adId));
  });
});
