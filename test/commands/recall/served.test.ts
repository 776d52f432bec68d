import type { Result } from '../../../src/answers/answers.ts';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { adCommand } from '../../../src/commands/look/ad.ts';
import type { ArgValues } from '../../../src/console/command.ts';
import { compareCommand } from '../../../src/commands/recall/compare.ts';
import { recallCommand } from '../../../src/commands/recall/recall.ts';
import { servedCommand } from '../../../src/commands/recall/served.ts';
import { readServed } from '../../../src/commands/recall/served-file.ts';
import { cosineOf } from '../../../src/domain/metric.ts';
import { linesOf } from '../../../src/views/answers/answer-views.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { makeWorld } from '../../support/memory-world.ts';
import { fakeContext, fakeWorkspace } from '../fake-workspace.ts';

const world = makeWorld({ seed: 3, users: 6, ads: 80, eventsPerUser: 20 });
const titled = {
  ...world,
  ads: world.ads.map((ad, i) => ({
    ...ad,
    title: i % 2 === 0 ? `天猫精灵 智能音箱 ${i}` : '\u001b]0;x\u0007\u202egpj',
  })),
};
const workspace: Workspace = fakeWorkspace({ world: titled });
const at = workspace.manifest.asOf ?? 0;
const context = fakeContext(workspace);
const folder = mkdtempSync(join(tmpdir(), 'served-'));
const logOf = (name: string, lines: readonly unknown[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return path;
};
const listOf = async (user: string, more: ArgValues = {}): Promise<string[]> => {
  const { data } = await recallCommand.run(fakeContext(workspace), { user, at, ...more });
  const { candidates } = JSON.parse(JSON.stringify(data));
  return candidates.map(({ adId }: { adId: string }) => adId);
};
const served = (args: ArgValues): Promise<Result> => servedCommand.run(fakeContext(workspace), args);

describe('the command served USER', () => {
  it('takes the last request of the user, or that of --at, and gives the rows of both lists', async () => {
    const list = await listOf('u1');
    const other = [...list.slice(0, -1), 'ad-none'];
    const log = logOf('two.jsonl', [
      { user: 'u1', time: at, list: other, scores: null },
      { user: 'u1', time: at - 1000, list: ['ad-none'] },
      { user: 'u2', time: at, list },
    ]);
    expect((await served({ user: 'u1', log })).data).toMatchObject({
      requests: 3,
      same: false,
      request: { at, list: other },
      causes: [{ cause: 'unknown', ads: 2 }],
    });
    expect((await served({ user: 'u1', log, at: at - 1000 })).data).toMatchObject({
      request: { at: at - 1000, list: ['ad-none'] },
    });
    await expect(served({ user: 'u1', log, at: at - 7 })).rejects.toMatchObject({
      code: 'usage',
      expected: expect.stringContaining(new Date(at).toISOString()),
    });
    await expect(served({ user: 'u3', log })).rejects.toMatchObject({
      code: 'usage',
      message: 'the serving log has no request of u3',
    });
  });

  it('says that the list is the one recomputed where it is', async () => {
    const log = logOf('same.jsonl', [{ user: 'u1', time: new Date(at).toISOString(), list: await listOf('u1') }]);
    const result = await served({ user: 'u1', log });
    expect(result.data).toMatchObject({ same: true, causes: [], overlap: { jaccard: 1 } });
    expect(renderPlain(linesOf(result, 200))[0]).toContain('equals the recomputed list, ad by ad');
  });
});

describe('compare --served', () => {
  it('asks every request, most different first, and counts those whose user the sample does not have', async () => {
    const [one, two] = [await listOf('u1'), await listOf('u2')];
    const log = logOf('all.jsonl', [
      { user: 'u1', time: at, list: one },
      { user: 'u2', time: at, list: ['ad-none', ...two.slice(1)] },
      { user: 'nobody', time: at, list: one },
    ]);
    const { schema, data } = await compareCommand.run(fakeContext(workspace), { served: true, log });
    expect(schema).toBe('served-all');
    expect(data).toMatchObject({
      requests: 3,
      same: 1,
      failed: { 'unknown user': 1 },
      users: [
        { userId: 'u2', differences: 2 },
        { userId: 'u1', differences: 0, rbo: 1 },
      ],
    });
  });
});

describe('a line of the log that is no request', () => {
  const broken = '{"user": ';
  const strange = { user: 'u3', time: 'yesterdayish', list: ['a'] };

  it('is counted and named by compare --served, which compares the others', async () => {
    const log = logOf('faulty.jsonl', [{ user: 'u1', time: at, list: await listOf('u1') }, broken, strange]);
    const result = await compareCommand.run(fakeContext(workspace), { served: true, log });
    expect(result.data).toMatchObject({
      requests: 3,
      same: 1,
      failed: { 'not a served request': 2 },
      faulty: [
        expect.stringContaining('faulty.jsonl, line 2: not a served request'),
        expect.stringContaining('line 3: not a served request: time: yesterdayish'),
      ],
    });
    expect(renderPlain(linesOf(result, 200)).join('\n')).toMatch(/Failed: 2 requests[^]*Passed over: .*line 3/);
  });

  it('keeps its own user alone from the answer of served, and every user where it names none', async () => {
    const good = { user: 'u1', time: at, list: await listOf('u1') };
    const log = logOf('of-another.jsonl', [good, strange]);
    expect((await served({ user: 'u1', log })).data).toMatchObject({ same: true, requests: 1 });
    await expect(served({ user: 'u3', log })).rejects.toMatchObject({ found: 'time: yesterdayish' });
    await expect(served({ user: 'u1', log: logOf('of-nobody.jsonl', [good, broken]) })).rejects.toMatchObject({
      code: 'bad-input',
    });
  });

  it('costs a table of lists its row, a table of places the request it is part of', async () => {
    const list = await listOf('u1');
    const lists = logOf('faulty.csv', ['user,time,list', `u1,${at},${list.join('|')}`, 'u2,yesterdayish,a|b']);
    const places = logOf('places.csv', [
      'user,time,rank,ad',
      ...list.map((adId, i) => `u1,${at},${i + 1},${adId}`),
      `u2,${at},1,a`,
      `u2,${at},3,b`,
    ]);
    for (const log of [lists, places])
      expect((await compareCommand.run(fakeContext(workspace), { served: true, log })).data).toMatchObject({
        requests: 2,
        same: 1,
        failed: { 'not a served request': 1 },
      });
  });
});

describe('a request whose served list is empty', () => {
  it('is counted and skipped by compare --served, whose answer says what the others were asked as', async () => {
    const log = logOf('nothing.jsonl', [
      { user: 'u1', time: at, list: await listOf('u1') },
      { user: 'u2', time: at, list: [] },
    ]);
    const { data } = await compareCommand.run(fakeContext(workspace), { served: true, log, mode: 'legacy' });
    expect(data).toMatchObject({
      requests: 2,
      failed: { 'an empty list was served': 1 },
      users: [{ userId: 'u1' }],
      query: { mode: 'legacy', k: null, ef: expect.any(Number), weights: expect.any(Object), eligibility: true },
    });
    expect(Object.keys('query' in data ? (data.query ?? {}) : {})).not.toContain('userId');
  });

  it('shows in served every recalled ad with the cause unknown', async () => {
    const result = await served({ user: 'u2', log: logOf('none.jsonl', [{ user: 'u2', time: at, list: [] }]) });
    expect(result).toMatchObject({
      query: { userId: 'u2', asOf: at },
      data: {
        same: false,
        overlap: { jaccard: 0, rbo: 0 },
        causes: [{ cause: 'unknown', ads: (await listOf('u2')).length }],
      },
    });
    expect(renderPlain(linesOf(result, 80)).length).toBeGreaterThan(3);
  });
});

describe('the views of served', () => {
  it('keep to the width and show no control character, with Chinese titles and titles that are none', async () => {
    const list = await listOf('u1');
    const log = logOf('wild.jsonl', [
      { user: 'u1', time: at, list: ['天猫\u202e精灵\u0007', ...list.slice(2), list[0]] },
    ]);
    const results = [
      await served({ user: 'u1', log }),
      await compareCommand.run(fakeContext(workspace), { served: true, log }),
    ];
    expect(renderPlain(results.slice(0, 1).flatMap((result) => linesOf(result, 160))).join('\n')).toContain('天猫精灵');
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 200 }), (width) => {
        for (const result of results) {
          for (const shown of renderPlain(linesOf(result, width))) {
            expect(stringWidth(shown), shown).toBeLessThanOrEqual(width);
            expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the reader of the serving log', () => {
  const good = { user: 'u1', time: at, list: ['a', 'b'] };
  it.each<[string, unknown, string]>([
    ['no JSON', '{"user": ', 'the line'],
    ['no user', { ...good, user: undefined }, 'user: '],
    ['a fraction for an ad', { ...good, list: ['a', 0.5] }, 'list.1: '],
    ['no instant', { ...good, time: 'yesterdayish' }, 'time: yesterdayish'],
    ['an ad twice', { ...good, list: ['a', 'a'] }, 'list: an ad twice'],
    ['scores that are fewer', { ...good, scores: [1] }, 'scores: 1 for 2 ads'],
    ['channels that are more', { ...good, channels: ['m', 'm', 'm'] }, 'channels: 3 for 2 ads'],
  ])('passes over %s, naming the line, what is expected and what is found', async (name, bad, found) => {
    const log = logOf(`${name}.jsonl`, [good, '', bad]);
    const { requests, faults } = await readServed(workspace, log, context);
    const error = {
      code: 'bad-input',
      message: expect.stringMatching(/\.jsonl, line 3: not a served request$/),
      expected: expect.stringContaining('"list"'),
      found: expect.stringContaining(found),
    };
    expect(requests).toHaveLength(1);
    expect(faults).toMatchObject([{ error }]);
    // Alone it leaves nothing to compare.
    await expect(readServed(workspace, logOf(`${name}-alone.jsonl`, ['', '', bad]), context)).rejects.toMatchObject(
      error,
    );
  });

  it('refuses times in seconds and in microseconds with the reading that fits', async () => {
    for (const [time, unit] of [
      [1_749_945_600, 'seconds'],
      [1_749_945_600.5, 'seconds'],
      ['1749945600000000', 'microseconds'],
    ] as const)
      await expect(
        readServed(workspace, logOf('unit.jsonl', [{ user: 'u1', time, list: ['a'] }]), context),
      ).rejects.toMatchObject({
        code: 'bad-input',
        found: expect.stringMatching(new RegExp(`^time: .* looks like ${unit}: 2025-06-15T00:00:00`)),
      });
  });

  it('refuses a file that is empty or absent, and a workspace that names none', async () => {
    await expect(readServed(workspace, logOf('empty.jsonl', ['', '']), context)).rejects.toMatchObject({
      code: 'bad-input',
      found: 'an empty file',
    });
    await expect(readServed(workspace, join(folder, 'absent.jsonl'), context)).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(readServed(workspace, undefined, context)).rejects.toMatchObject({
      code: 'unsupported',
      expected: expect.stringContaining('--log FILE'),
    });
  });

  it('reads ISO instants and milliseconds, a BOM, CRLF and fields it does not know', async () => {
    const log = logOf('fine.jsonl', [
      `\uFEFF${JSON.stringify({ ...good, page: 3 })}\r`,
      { ...good, time: new Date(at).toISOString(), scores: [2, 1], channels: ['m', 'p'] },
    ]);
    expect(await readServed(workspace, log, context)).toEqual({
      requests: [
        { userId: 'u1', at, list: ['a', 'b'], scores: null, channels: null },
        { userId: 'u1', at, list: ['a', 'b'], scores: [2, 1], channels: ['m', 'p'] },
      ],
      faults: [],
    });
  });
});

describe('the neighbours of an ad among vectors of any length', () => {
  it('come nearest by angle over all ads, not by the largest inner product', async () => {
    const { vectors } = workspace;
    if (vectors === null) throw new Error('no vectors');
    const data = vectors.data.map((x, i) => x * (0.2 + (Math.floor(i / vectors.dim) % 11)));
    const raw: Workspace = { ...workspace, vectors: { ...vectors, data, space: 'ip' } };
    const row = (i: number): Float32Array => data.subarray(i * vectors.dim, (i + 1) * vectors.dim);
    for (const ordinal of [0, 7, 33]) {
      const ad = workspace.catalog.idOf(ordinal);
      const found = JSON.parse(JSON.stringify((await adCommand.run(fakeContext(raw), { ad })).data));
      const brute = Array.from({ length: vectors.count }, (_, i) => i)
        .filter((i) => i !== ordinal)
        .map((i) => cosineOf(row(ordinal), row(i)))
        .sort((a, b) => b - a);
      const near: number[] = found.neighbours.map(({ similarity }: { similarity: number }) => similarity);
      expect(near.length).toBeGreaterThan(3);
      near.forEach((similarity, i) => {
        expect(similarity).toBeCloseTo(brute[i] ?? Number.NaN, 12);
      });
      expect(found.nearDuplicates.length).toBe(brute.filter((x) => x >= 0.95).length);
    }
  });
});
