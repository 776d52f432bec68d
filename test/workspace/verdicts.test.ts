import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defaultQuery } from '../../src/console/query-defaults.ts';
import { runWhyNot } from '../../src/commands/why/why-not.ts';
import type { Mode, RecallQuery } from '../../src/domain/query.ts';
import { modes } from '../../src/domain/query.ts';
import { whyNot } from '../../src/engine/why-not/why-not.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { checkVerdict, exactOrder } from '../support/check-verdict.ts';
import type { FaultyWorkspace } from '../support/faulty-workspace.ts';
import { faultyWorkspace, openReal } from '../support/faulty-workspace.ts';
import { temporaryFolder } from '../support/vectors.ts';

const bin = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
let folder = '';
let faulty: FaultyWorkspace;
let workspace: Workspace;

beforeAll(async () => {
  folder = temporaryFolder('verdicts');
  faulty = await faultyWorkspace(join(folder, 'shop'), join(folder, 'cache'));
  workspace = await openReal(faulty.dir, join(folder, 'cache'));
  writeFileSync(join(folder, 'recall-tui'), `#!/bin/sh\nexec ${process.execPath} ${bin} "$@"\n`, { mode: 0o755 });
});
afterAll(() => workspace.close());

/** A command line as a person pastes it into a shell, in this workspace. */
const shell = (line: string, dir: string): string =>
  execFileSync('/bin/sh', ['-c', line], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      RECALL_TUI_WORKSPACE: dir,
      XDG_CACHE_HOME: join(folder, 'cache'),
    },
  });

const answer = z.looseObject({ candidates: z.array(z.looseObject({ adId: z.string(), rank: z.number() })) });
const rankIn = (json: string, adId: string): number | undefined =>
  answer.parse(JSON.parse(json)).candidates.find((one) => one.adId === adId)?.rank;

const query = (overrides: Partial<RecallQuery> = {}): RecallQuery => ({
  ...defaultQuery(workspace, faulty.userId),
  ...overrides,
});

/** Ads of the exact top k that the index did not return. */
const missedBy = async (asked: RecallQuery): Promise<string[]> => [
  ...((await workspace.engine.recall(asked, { checkAnn: true })).ann?.missed ?? []),
];

describe('why-not on a real workspace with faults', () => {
  it('names each fault of the index for what it is', async () => {
    const verdictOf = async (adId: string): Promise<unknown> => (await whyNot(workspace.engine, query(), adId)).verdict;
    expect(await verdictOf(faulty.notIndexed)).toBe('not-indexed');
    expect(await verdictOf(faulty.stale)).toBe('stale-vector');
    expect(await verdictOf(faulty.unreachable)).toBe('unreachable');
    const thin = query({ k: 20, ef: 20 });
    const verdicts = await Promise.all(
      (await missedBy(thin)).map(async (adId) => (await whyNot(workspace.engine, thin, adId)).verdict),
    );
    expect(verdicts).toContain('ann-missed');
  });

  it('mends a stale and a missing row by indexing again, and the command it gives does what the overlay showed', async () => {
    for (const adId of [faulty.stale, faulty.notIndexed]) {
      const { repair } = await runWhyNot(workspace, query(), adId, {});
      expect(repair).toMatchObject({
        change: { type: 'reindex', adId, vector: 'ad-tower' },
        verified: true,
        cost: 0,
        command: `recall-tui index ${faulty.dir}`,
      });
      const copy = join(folder, `copy-${adId}`);
      cpSync(faulty.dir, copy, { recursive: true });
      expect(rankIn(shell(`recall-tui recall ${faulty.userId} --json`, copy), adId)).toBeUndefined();
      shell((repair?.command ?? '').replace(faulty.dir, copy), copy);
      expect(rankIn(shell(`recall-tui recall ${faulty.userId} --json`, copy), adId)).toBeGreaterThan(0);
    }
  });

  it('gives repairs whose command line brings the ad in, run as a process', async () => {
    const thin = query({ k: 20, ef: 20 });
    const asked: Array<[RecallQuery, string]> = [
      ...(await missedBy(thin)).slice(0, 3).map((adId): [RecallQuery, string] => [thin, adId]),
      ...(await exactOrder(workspace.engine, thin))
        .slice(22, 25)
        .map(({ ordinal }): [RecallQuery, string] => [thin, workspace.catalog.idOf(ordinal)]),
      [query({ mode: 'legacy' }), faulty.stale],
      [query({ mode: 'merged', k: 20 }), faulty.stale],
    ];
    let ran = 0;
    for (const [one, adId] of asked) {
      const { repair } = await runWhyNot(workspace, one, adId, {});
      if (repair === null || repair.change.type === 'reindex') continue;
      expect(rankIn(shell(repair.command, faulty.dir), adId), `${adId}: ${repair.command}`).toBe(repair.effect.rank);
      ran += 1;
    }
    expect(ran).toBeGreaterThan(3);
  });

  it('claims only what brute force confirms, for random users, ads and modes', async () => {
    const seen = new Map<string, number>();
    const users = workspace.store.userIds();
    const anyCase = fc.record({
      user: fc.nat(39),
      rank: fc.nat(139),
      near: fc.boolean(),
      mode: fc.constantFrom<Mode>('model', 'model', ...modes),
      k: fc.constantFrom(5, 20, 100),
      ef: fc.constantFrom(5, 20, 200),
      weight: fc.constantFrom(0, 0.5, 1, 3),
    });
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ user, rank, near, mode, k, ef, weight }) => {
        const base = defaultQuery(workspace, users[user] ?? '');
        const asked = { ...base, mode, k, ef, weights: { ...base.weights, browse: weight } };
        const order = await exactOrder(workspace.engine, asked);
        const adId = workspace.catalog.idOf(order[near ? Math.min(rank, k + 3) : rank * 20]?.ordinal ?? 0);
        const verdict = await whyNot(workspace.engine, asked, adId);
        seen.set(verdict.verdict, (seen.get(verdict.verdict) ?? 0) + 1);
        await checkVerdict(workspace.engine, asked, adId, verdict);
      }),
      { numRuns: 60, seed: 11 },
    );
    for (const verdict of ['recalled', 'below-cutoff', 'ann-missed', 'not-matched'])
      expect(seen.get(verdict) ?? 0, `no case of ${verdict} in ${JSON.stringify([...seen])}`).toBeGreaterThan(0);
  });
});
