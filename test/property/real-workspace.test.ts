import fc from 'fast-check';
import { cpSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { RecallQuery } from '../../src/domain/query.ts';
import { openWorkspace } from '../../src/index.ts';
import type { RecallResult } from '../../src/domain/result.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { realCli } from '../support/real-cli.ts';
import {
  adCount,
  appendToSample,
  trainedWorkspace,
  userCount,
  worldAsOf,
  type TrainedWorkspace,
} from '../support/trained-workspace.ts';
import { temporaryFolder } from '../support/vectors.ts';

/* The laws of recall where they can break outside the engine: SQLite, hnswlib, TensorFlow, the command line. */

let made: TrainedWorkspace;
let base: RecallQuery;
beforeAll(async () => {
  made = await trainedWorkspace();
  const { code, out } = await realCli(['recall', 'u0', '-w', made.dir, '--json'], made.env);
  expect(code).toBe(0);
  base = JSON.parse(out).query;
});

const queries = fc
  .record({
    userId: fc.oneof(
      fc.nat(userCount - 1).map((i) => `u${i}`),
      fc.constant('empty'),
    ),
    asOf: fc.integer({ min: worldAsOf - 15 * 3_600_000, max: worldAsOf }),
    mode: fc.constantFrom('model' as const, 'i2i' as const, 'legacy' as const, 'merged' as const),
    k: fc.integer({ min: 1, max: adCount }),
    ef: fc.integer({ min: 1, max: 200 }),
    weights: fc.record({ browse: fc.constantFrom(0, 0.5, 1, 4), search: fc.constantFrom(0, 1, 3) }),
    eligibility: fc.boolean(),
  })
  .map((some): RecallQuery => ({ ...base, ...some, weights: { ...base.weights, ...some.weights } }));

const bytes = ({ timingsMs: _, ...rest }: RecallResult): string => JSON.stringify(rest);
const within = async (dir: string, use: (workspace: Workspace) => Promise<void>): Promise<void> => {
  const workspace = await openWorkspace({ dir, cwd: '/', env: made.env });
  try {
    await use(workspace);
  } finally {
    await workspace.close();
  }
};

test('events and friendships at or after as-of, written into the sample itself, change no byte of a recall', async () => {
  const events = Array.from(
    { length: 400 },
    (_, i) =>
      `f${i},u${i % userCount},${['click', 'purchase', 'search'][i % 3]},${worldAsOf + (i % 4) * 1000},${i % 3 === 2 ? '' : `ad-${String(10 + (i % 100)).padStart(3, '0')}`},${i % 3 === 2 ? 'kettle' : ''}\n`,
  ).join('');
  const friends = Array.from({ length: userCount }, (_, i) => `u${i},u${(i + 9) % userCount},${worldAsOf}\n`).join('');
  const later = temporaryFolder('later');
  cpSync(made.dir, later, { recursive: true });
  await appendToSample(later, made.env, { events, friends });
  await within(made.dir, (now) =>
    within(later, async (then) => {
      expect(then.store.eventCount).toBe(now.store.eventCount + 400);
      await fc.assert(
        fc.asyncProperty(queries, async (query) => {
          expect(bytes(await then.engine.recall(query))).toBe(bytes(await now.engine.recall(query)));
        }),
        { numRuns: 80 },
      );
      // The same events seen from later do matter: the law is about as-of, not about a sample nobody reads.
      const after = { ...base, userId: 'u1', mode: 'legacy' as const, asOf: worldAsOf + 10_000 };
      expect(bytes(await then.engine.recall(after))).not.toBe(bytes(await now.engine.recall(after)));
    }),
  );
});

test('every candidate is eligible; model and i2i lists are in order of score, then id', async () => {
  await within(made.dir, async ({ engine, catalog }) => {
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const { candidates } = await engine.recall(query);
        const ads = catalog.ads(candidates.map((c) => c.ordinal));
        const targeted = query.userId === 'empty' || Number(query.userId.slice(1)) % 2 === 0;
        for (const ad of query.eligibility ? ads : []) {
          expect(ad.startAt ?? 0).toBeLessThanOrEqual(query.asOf);
          expect(ad.budgetLeft ?? 1).toBeGreaterThan(0);
          expect(ad.targeting === null || targeted).toBe(true);
        }
        if (query.mode !== 'model' && query.mode !== 'i2i') return;
        candidates.slice(1).forEach((below, i) => {
          const above = candidates[i];
          expect(
            above !== undefined &&
              (above.score > below.score || (above.score === below.score && above.adId < below.adId)),
          ).toBe(true);
        });
      }),
      { numRuns: 80 },
    );
  });
});

test('a query read back through --query gives the same bytes but for timings, and so does asking twice', async () => {
  const untimed = (text: string): string => JSON.stringify({ ...JSON.parse(text), timingsMs: null });
  await fc.assert(
    fc.asyncProperty(queries, fc.constantFrom([], ['--check-ann'], ['--with-vectors']), async (query, more) => {
      const ask = async (asked: RecallQuery): Promise<string> => {
        const { code, out, err } = await realCli(
          ['recall', '--query', '-', '--json', '-w', made.dir, ...more],
          made.env,
          JSON.stringify(asked),
        );
        expect([code, err]).toEqual([0, '']);
        return out;
      };
      const first = await ask(query);
      expect(untimed(await ask(query))).toBe(untimed(first));
      expect(untimed(await ask(JSON.parse(first).query))).toBe(untimed(first));
    }),
    { numRuns: 12 },
  );
});
