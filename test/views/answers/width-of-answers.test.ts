import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { parseLine } from '../../../src/console/parse.ts';
import { commands } from '../../../src/commands/registry.ts';
import { linesOf } from '../../../src/views/answers/answer-views.ts';
import { outlineView } from '../../../src/views/text/outline.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import { fakeContext, fakeWorkspace } from '../../commands/fake-workspace.ts';
import { makeWorld, type MemoryWorld } from '../../support/memory-world.ts';

const nasty = [
  '天猫精灵 智能音箱',
  '👩‍👩‍👧‍👦',
  '\u001b]0;x\u0007',
  '\u202egpj',
  'e\u0301',
  '\u200b',
  '🇨🇳',
  '\ud800',
  '\t',
  'Ad',
  ' ',
  '½',
  '\u0600',
];
const text = fc.array(fc.constantFrom(...nasty), { maxLength: 12 }).map((parts) => parts.join(''));

/** The memory world with texts as bad as they come. */
const wildWorld = (words: readonly string[]): MemoryWorld => {
  const world = makeWorld({ seed: 5, users: 4, ads: 40, eventsPerUser: 15 });
  const word = (i: number): string => words[i % words.length] ?? '';
  return {
    ...world,
    ads: world.ads.map((ad, i) => ({
      ...ad,
      title: word(i),
      category: word(i + 1),
      brand: word(i + 2),
      campaign: ad.campaign === null ? null : word(i + 3),
    })),
    events: world.events.map((e, i) => ({ ...e, query: e.query === null ? null : word(i), platform: word(i) })),
    users: world.users.map((u, i) => ({ ...u, attributes: { ...u.attributes, name: word(i) } })),
  };
};

const lines = [
  'recall u1 --mode merged --check-ann',
  'compare u1',
  'users',
  'events u1',
  'inputs u1',
  'ads',
  'ad ad-0007 --user u1',
  'weights u1',
  'commands',
  'explain u1 ad-0007',
  'explain u1 -k 4',
  'contrast u1 ad-0007 ad-0042',
  'why-not u1 ad-0042 --mode merged --all-channels',
  'counterfactual u1 ad-0042',
  'stability u1',
  'audience ad-0007',
];

describe('every readable answer', () => {
  it('keeps to the width and shows no control character, whatever titles, queries and names hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 12, max: 130 }),
        fc.boolean(),
        async (words, width, ascii) => {
          const context = fakeContext(fakeWorkspace({ world: wildWorld(words) }));
          for (const line of lines) {
            const outcome = parseLine(line, { commands, globals: [] });
            if (!outcome.ok || outcome.parsed.command === null) throw new Error(line);
            const result = await outcome.parsed.command.run(context, outcome.parsed.args);
            for (const shown of renderPlain(linesOf(result, width, { ascii }))) {
              expect(stringWidth(shown), `${line} at ${width}: ${shown}`).toBeLessThanOrEqual(width);
              expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u);
            }
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('is an outline of the data where a value of any shape is shown', () => {
    expect(renderPlain(outlineView({ a: 1, list: ['x', 'y'], rows: [{ b: null }] }, 40))).toEqual([
      'a: 1',
      'list:',
      '  x, y',
      'rows:',
      '  1.',
      '    b: –',
    ]);
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 60 }), (value, width) => {
        for (const line of renderPlain(outlineView(value, width))) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
