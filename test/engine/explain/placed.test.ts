import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainCommand } from '../../../src/commands/why/explain.ts';
import { linesOf } from '../../../src/views/answers/answer-views.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import { fakeContext, fakeWorkspace } from '../../commands/fake-workspace.ts';
import { makeWorld } from '../../support/memory-world.ts';

const workspace = fakeWorkspace({ world: makeWorld({ seed: 3, users: 6, ads: 80, eventsPerUser: 20 }) });

describe('an explanation', () => {
  it('begins with the channel that placed the ad and its evidence, in every mode', async () => {
    let byRules = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('model', 'i2i', 'legacy', 'merged'),
        fc.nat(5),
        fc.nat(9),
        async (mode, user, place) => {
          const { engine, rules, manifest } = workspace;
          const query = engine.defaultQuery({ ...manifest.defaults, rules, asOf: manifest.asOf }, `u${user}`);
          const { candidates } = await engine.recall({ ...query, mode });
          const candidate = candidates[place % Math.max(1, candidates.length)];
          if (candidate === undefined) return;
          const result = await explainCommand.run(fakeContext(workspace), {
            user: `u${user}`,
            ad: candidate.adId,
            mode,
          });
          if (result.schema !== 'explain') throw new Error(result.schema);
          const { placed, channels } = result.data;
          expect(placed).toEqual({ via: candidate.via, score: candidate.score });
          expect(channels[0]).toMatchObject({ channel: candidate.via, score: candidate.score });
          const text = renderPlain(linesOf(result, 200)).join('\n');
          expect(text).toMatch(candidate.via === 'model' ? /= score/ : /= model score/);
          if (candidate.via === 'model') return;
          byRules += 1;
          expect(text).not.toContain('because of');
          expect(text).toContain(`At rank ${candidate.rank} through ${candidate.via} (score `);
          const evidence = channels[0]?.evidence;
          if (evidence?.type === 'matched-query')
            expect(evidence.bm25 / Math.sqrt(evidence.position ?? 1)).toBeCloseTo(candidate.score, 9);
        },
      ),
      { numRuns: 60 },
    );
    expect(byRules).toBeGreaterThan(10);
  });
});
