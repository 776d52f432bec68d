import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { applyPreset, presetOf } from '../../../src/commands/query/preset-settings.ts';
import { presetsCommand } from '../../../src/commands/change/presets.ts';
import { queryFromArgs } from '../../../src/commands/query/args.ts';
import { normaliseQuery } from '../../../src/domain/query-schema.ts';
import { manifestSchema } from '../../../src/workspace/manifest/manifest.ts';
import { createFileTools } from '../../../src/adapters/files/file-tools.ts';
import { worldGroups, worldQuery } from '../../support/memory-world.ts';
import { cases } from '../../support/recall-arbitraries.ts';
import { fakeContext, fakeTools, fakeWorkspace } from '../fake-workspace.ts';

const root = mkdtempSync(join(tmpdir(), 'recall-preset-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const groups = worldGroups.map((g) => g.name);
const { atomicWrite } = createFileTools({ HOME: root });
const tools = fakeTools(atomicWrite);
const here = (dir: string, more: { dir?: string; demo?: boolean } = {}) => {
  const plain = fakeWorkspace({ dir });
  const manifest =
    more.demo === true
      ? manifestSchema.parse({ ...plain.manifest, import: { format: 'csv', source: 'fixtures/demo' } })
      : plain.manifest;
  return fakeContext({ ...plain, manifest }, { tools, env: { HOME: join(root, 'home') } });
};
const data = async (context: ReturnType<typeof here>, args: Parameters<typeof presetsCommand.run>[1]) =>
  (await presetsCommand.run(context, args)).data;

describe('a saved preset', () => {
  it('carries the settings of any query to any other, whoever the user is', () => {
    fc.assert(
      fc.property(cases, cases, (a, b) => {
        const saved: unknown = JSON.parse(JSON.stringify(presetOf(a.query, '', worldQuery('u0').rules)));
        const usual = worldQuery('u0').rules;
        const onto = { ...b.query, rules: { ...usual, order: b.query.rules.order, quota: b.query.rules.quota } };
        const { userId, asOf, excludedEvents, extraEvents } = onto;
        if (typeof saved !== 'object' || saved === null) throw new Error('no preset');
        const applied = applyPreset(onto, Object.assign(presetOf(a.query, '', usual), saved));
        expect(JSON.stringify(normaliseQuery(applied, groups))).toBe(
          JSON.stringify(normaliseQuery({ ...a.query, userId, asOf, excludedEvents, extraEvents }, groups)),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('goes through the file: saved by the command, --preset in another process gives the same query', async () => {
    const context = here(mkdtempSync(join(root, 'w-')));
    const flags = {
      weight: ['search=2', 'browse=0.25'],
      context: ['promo=618'],
      k: 7,
      ef: 33,
      mode: 'merged',
      'no-eligibility': true,
    };
    await presetsCommand.run(context, { save: 'mine', ...flags });
    const [direct, through] = [
      await queryFromArgs(context, flags, 'u3'),
      await queryFromArgs(context, { preset: 'mine' }, 'u3'),
    ];
    expect(JSON.stringify(through)).toBe(JSON.stringify(direct));
  });

  it('changes only the fields it names when it is written by hand', () => {
    const query = worldQuery('u1', { context: { device: 'phone' } });
    const applied = applyPreset(query, {
      title: '',
      weights: { search: 2 },
      context: { promo: '618' },
      rules: { quota: { keyword: 1 } },
      merge: { quota: { i2i: 0 } },
    });
    expect(applied).toMatchObject({ context: { device: 'phone', promo: '618' }, weights: { search: 2, browse: 1 } });
    expect(applied.rules).toEqual({ ...query.rules, quota: { ...query.rules.quota, keyword: 1 } });
    expect(applied.merge).toEqual({ order: query.merge.order, quota: { ...query.merge.quota, i2i: 0 } });
  });

  it('is compared setting by setting, and exported with every setting resolved', async () => {
    const dir = mkdtempSync(join(root, 'w-'));
    writeFileSync(
      join(dir, 'presets.json'),
      JSON.stringify({
        a: { title: 'first', weights: { search: 2 }, context: { promo: '618' } },
        b: { weights: { search: 2, trend: 0 }, rules: { quota: { keyword: 9 } } },
      }),
    );
    const context = here(dir);
    expect((await data(context, { diff: 'a', with: 'b' }))['diff']).toEqual({
      a: 'a',
      b: 'b',
      differences: [
        { path: 'context.promo', a: '618', b: null },
        { path: 'rules.quota.keyword', a: 3, b: 9 },
        { path: 'weights.trend', a: 1, b: 0 },
      ],
    });
    expect((await data(context, { diff: 'a' }))['diff']).toMatchObject({
      b: 'the current query',
      differences: [{ path: 'context.promo' }, { path: 'weights.search', a: 2, b: 1 }],
    });
    const out = join(dir, 'a.json');
    await presetsCommand.run(context, { export: 'a', out });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
      format: 'recall-tui/preset@1',
      name: 'a',
      title: 'first',
      madeWith: { model: 'b'.repeat(64) },
      settings: {
        weights: { browse: 1, search: 2 },
        context: { promo: '618' },
        k: 10,
        rules: { quota: { keyword: 3 } },
      },
    });
    await expect(presetsCommand.run(context, { export: 'a', save: 'b' })).rejects.toMatchObject({ code: 'usage' });
  });

  it("stays in the person's own file for the bundled demo, next to the demo's presets, and can be deleted; the demo's cannot", async () => {
    const dir = mkdtempSync(join(root, 'demo-'));
    writeFileSync(join(dir, 'presets.json'), JSON.stringify({ everyday: {} }));
    const before = readFileSync(join(dir, 'presets.json'), 'utf8');
    const context = here(dir, { demo: true });
    const { notices } = await presetsCommand.run(context, { save: 'night', weight: ['trend=2'] });
    expect(notices?.[0]).toContain(join(root, 'home', '.config', 'recall-tui', 'presets'));
    expect(readFileSync(join(dir, 'presets.json'), 'utf8')).toBe(before);
    expect((await data(context, {}))['presets']).toMatchObject([
      { name: 'everyday', from: 'workspace' },
      { name: 'night', from: 'personal' },
    ]);
    expect((await queryFromArgs(context, { preset: 'night' }, 'u1')).weights['trend']).toBe(2);
    await expect(presetsCommand.run(context, { delete: 'everyday' })).rejects.toMatchObject({ code: 'usage' });
    await presetsCommand.run(context, { delete: 'night' });
    expect((await data(context, {}))['presets']).toMatchObject([{ name: 'everyday' }]);
  });

  it('is never written by anything but an explicit save', async () => {
    const dir = mkdtempSync(join(root, 'w-'));
    const context = here(dir);
    await presetsCommand.run(context, {});
    await expect(presetsCommand.run(context, { show: 'none' })).rejects.toMatchObject({ code: 'usage' });
    expect(existsSync(join(dir, 'presets.json'))).toBe(false);
  });
});
