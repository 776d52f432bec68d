import type { ResultOf, Schema } from '../../src/answers/answers.ts';
import type { CompareData } from '../../src/answers/recall.ts';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adCommand } from '../../src/commands/look/ad.ts';
import { adsCommand } from '../../src/commands/look/ads.ts';
import type { ArgValues, Command } from '../../src/console/command.ts';
import { compareCommand } from '../../src/commands/recall/compare.ts';
import { eventsCommand } from '../../src/commands/look/events.ts';
import { inputsCommand } from '../../src/commands/look/inputs.ts';
import { nearest } from '../../src/base/nearest.ts';
import { presetsCommand } from '../../src/commands/change/presets.ts';
import { recallCommand } from '../../src/commands/recall/recall.ts';
import { commands, findCommand } from '../../src/commands/registry.ts';
import { argsOf } from '../../src/console/usage.ts';
import { usersCommand } from '../../src/commands/look/users.ts';
import { weightsCommand } from '../../src/commands/change/weights.ts';
import { fakeContext, fakeTools, fakeWorkspace } from './fake-workspace.ts';

const workspace = fakeWorkspace();
const context = fakeContext(workspace);
const dataOf = async <S extends Schema>(command: Command<S>, args: ArgValues): Promise<ResultOf<S>['data']> =>
  (await command.run(context, args)).data;

const compared = async (args: ArgValues): Promise<CompareData> => {
  const result = await compareCommand.run(context, args);
  if (result.schema !== 'compare') throw new Error(result.schema);
  return result.data;
};

describe('the table of commands', () => {
  it('has unique ids, keys and argument names, positions without gaps, and a sentence for each', () => {
    expect(new Set(commands.map((c) => c.id)).size).toBe(commands.length);
    const keys = commands.flatMap((c) => c.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    for (const command of commands) {
      const args = argsOf(command);
      expect(new Set(args.map((a) => a.name)).size, command.id).toBe(args.length);
      const shorts = args.flatMap((a) => a.short ?? []);
      expect(new Set(shorts).size, command.id).toBe(shorts.length);
      const positions = args.flatMap((a) => a.position ?? []).sort((a, b) => a - b);
      expect(positions, command.id).toEqual(positions.map((_, i) => i));
      for (const { doc, type, choices } of args) {
        expect(doc, command.id).toMatch(/\S/);
        if (type === 'choice') expect(choices, command.id).not.toHaveLength(0);
      }
      expect(command.doc, command.id).toMatch(/\.$/);
      expect(findCommand(command.id)).toBe(command);
    }
  });

  it('finds the nearest names', () => {
    expect(nearest('recal', ['recall', 'replay', 'users'])).toEqual(['recall']);
    expect(nearest('rec', ['record', 'recall'])).toEqual(['recall', 'record']);
    expect(nearest('zzz', ['recall'])).toEqual([]);
  });
});

describe('the recall command', () => {
  it('has titles, provenance and ground truth on every row, and the contract’s fields', async () => {
    const data = await dataOf(recallCommand, { user: 'u1', mode: 'merged', k: 30 });
    expect(Object.keys(data)).toEqual(expect.arrayContaining(['candidates', 'cutoff', 'funnel', 'ann']));
    const truth = new Set(
      workspace.store
        .engaged('u1', { from: workspace.manifest.asOf ?? 0, until: null, kinds: ['click', 'purchase'] })
        .map((e) => e.adId),
    );
    const rows = data.candidates;
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      expect(row).toMatchObject({
        adId: expect.any(String),
        title: expect.stringMatching(/\S/),
        via: expect.any(String),
        engaged: truth.has(row.adId),
      });
      expect(row.channels.length).toBeGreaterThan(0);
    }
    expect(rows.some((row) => row.engaged)).toBe(true);
  });

  it('adds vector and labels only when asked, each ad with its label in the index', async () => {
    expect(await dataOf(recallCommand, { user: 'u1' })).not.toHaveProperty('userVector');
    const data = await dataOf(recallCommand, { user: 'u1', 'with-vectors': true });
    expect(data.userVector).toHaveLength(8);
    expect(data.workspace).toMatchObject({
      index: {
        dim: 8,
        space: 'ip',
        labels: Array.from({ length: 80 }, (_, i) => [String(i), workspace.catalog.idOf(i)]),
      },
    });
  });
});

describe('the compare command', () => {
  it('sets the legacy rules against the model; entered, left and moved add up', async () => {
    const { a, b, entered, left, moved, overlap, queries } = await compared({ user: 'u1' });
    expect(queries).toMatchObject({ a: { mode: 'legacy' }, b: { mode: 'model' } });
    expect(a.length - left.length).toBe(b.length - entered.length);
    expect(overlap).toMatchObject({ common: b.length - entered.length });
    for (const m of moved) expect(m.from).not.toBe(m.to);
  });

  it('asks the same question for both of two users', async () => {
    const { queries } = await compared({ user: 'u1', with: 'u2', k: 5 });
    expect(queries).toMatchObject({
      a: { userId: 'u1', k: 5, mode: 'model' },
      b: { userId: 'u2', k: 5, mode: 'model' },
    });
  });

  it('refuses half a pair of files and modes that are none', async () => {
    await expect(compareCommand.run(context, { a: 'x.json' })).rejects.toMatchObject({ code: 'usage' });
    await expect(compareCommand.run(context, { user: 'u1', modes: 'model' })).rejects.toMatchObject({
      code: 'usage',
      expected: 'two modes, like legacy,model',
    });
  });
});

describe('a look at users, ads, events and inputs', () => {
  it('finds users and ads, and exits 1 when nothing matches', async () => {
    expect(await usersCommand.run(context, { match: 'u3', limit: 5 })).toMatchObject({
      data: { users: [{ userId: 'u3' }] },
    });
    expect(await usersCommand.run(context, { match: 'nobody' })).toMatchObject({ data: { users: [] }, exitCode: 1 });
    const id = workspace.catalog.idOf(7);
    expect(await adsCommand.run(context, { match: id })).toMatchObject({ data: { ads: [{ adId: id }] } });
    expect(await adsCommand.run(context, { match: 'no such words' })).toMatchObject({ exitCode: 1 });
  });

  it('shows events before as-of only, newest first, the hypothetical ones among them', async () => {
    const { events, total, perDay, asOf } = await dataOf(eventsCommand, { user: 'u1', search: ['new'], limit: 500 });
    expect(events[0]).toMatchObject({ eventId: 'what-if:0', kind: 'search', query: 'new', group: 'search' });
    expect(events.length).toBe(total);
    const times = events.map((e) => e.at);
    expect(times).toEqual([...times].sort((x, y) => y - x));
    expect(times.every((at) => at < asOf)).toBe(true);
    expect(perDay.reduce((x, y) => x + y, 0)).toBe(times.filter((at) => at >= asOf - 30 * 86_400_000).length);
  });

  it('marks knocked-out events, in the timeline and in the tower’s inputs', async () => {
    const seen = await dataOf(inputsCommand, { user: 'u1' });
    const eventId = seen.inputs.find((i) => i.eventId !== null)?.eventId ?? '';
    const args = { user: 'u1', exclude: [eventId], limit: 500 };
    const { inputs } = await dataOf(inputsCommand, args);
    const { events } = await dataOf(eventsCommand, args);
    for (const list of [inputs, events])
      expect(list.filter((i) => i.excluded).map((i) => i.eventId)).toEqual([eventId]);
  });

  it('says of an ad whether it is eligible, how old its vector is, and what is near it', async () => {
    const id = workspace.catalog.idOf(5);
    const data = await dataOf(adCommand, { ad: id, user: 'u1', fresh: true });
    expect(data).toMatchObject({
      ad: { adId: id },
      eligibility: { userId: 'u1' },
      vector: { dim: 8, norm: expect.closeTo(1, 5), freshCosine: expect.closeTo(1, 5), indexed: true },
    });
    const near = data.neighbours;
    expect(near).toHaveLength(10);
    expect(near.map((n) => n.adId)).not.toContain(id);
    await expect(adCommand.run(context, { ad: 'ad-99999' })).rejects.toMatchObject({ code: 'unknown-ad' });
  });

  it('works without a model where it can, and says what is missing where it cannot', async () => {
    const bare = fakeContext(fakeWorkspace({ deps: { model: 'none', index: 'none', i2i: false } }));
    expect(await recallCommand.run(bare, { user: 'u1', mode: 'legacy' })).toMatchObject({ data: { ann: null } });
    await expect(inputsCommand.run(bare, { user: 'u1' })).rejects.toMatchObject({ code: 'unsupported' });
    expect(await adCommand.run(bare, { ad: workspace.catalog.idOf(5) })).toMatchObject({
      data: { vector: null, neighbours: [] },
    });
  });
});

describe('the commands presets and weights', () => {
  it('save, replace only with --replace, use and delete a preset', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'recall-presets-'));
    const path = join(dir, 'presets.json');
    const here = fakeContext(fakeWorkspace({ dir }), {
      tools: fakeTools((file, text) => {
        writeFileSync(file, text);
        return Promise.resolve();
      }),
    });
    await presetsCommand.run(here, { save: 'night', weight: ['search=2'], context: ['hour=23'], title: 'late' });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      night: { title: 'late', weights: { search: 2, browse: 1 }, context: { hour: '23' } },
    });
    await expect(presetsCommand.run(here, { save: 'night' })).rejects.toMatchObject({ code: 'usage' });
    await presetsCommand.run(here, { save: 'night', replace: true, weight: ['search=3'] });
    const { weights } = (await weightsCommand.run(here, { preset: 'night' })).data;
    expect(weights).toContainEqual(expect.objectContaining({ group: 'search', weight: 3, trained: 1 }));
    await presetsCommand.run(here, { delete: 'night' });
    expect((await presetsCommand.run(here, {})).data).toEqual({ presets: [] });
    rmSync(dir, { recursive: true, force: true });
  });

  it('name the field of a presets file that is wrong', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'recall-presets-'));
    writeFileSync(join(dir, 'presets.json'), '{"x": {"weights": {"search": 9}}}');
    await expect(presetsCommand.run(fakeContext(fakeWorkspace({ dir })), {})).rejects.toMatchObject({
      code: 'bad-input',
      found: expect.stringContaining('search'),
    });
    rmSync(dir, { recursive: true, force: true });
  });
});
