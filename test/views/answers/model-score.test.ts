import { describe, expect, it } from 'vitest';
import { contrastCommand } from '../../../src/commands/why/contrast.ts';
import { explainCommand } from '../../../src/commands/why/explain.ts';
import { inputsCommand } from '../../../src/commands/look/inputs.ts';
import type { Result } from '../../../src/answers/answers.ts';
import { linesOf } from '../../../src/views/answers/answer-views.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import { fakeContext, fakeWorkspace } from '../../commands/fake-workspace.ts';

const context = fakeContext(fakeWorkspace());
const shown = (result: Result): string => renderPlain(linesOf(result, 200)).join('\n');
const otherwise = (mode: string): string =>
  `The parts explain the model score; in mode ${mode} the list is not ordered by it.`;

describe('the parts of a model score', () => {
  it.each(['merged', 'legacy', 'i2i'])(
    'name it, and say that mode %s orders the list by something else',
    async (mode) => {
      const ads = { ad: 'ad-0007', other: 'ad-0042' };
      const contrast = shown(await contrastCommand.run(context, { user: 'u1', ...ads, mode }));
      expect(contrast).toMatch(/^By model score .* is \.\d+ above /);
      expect(contrast).toMatch(/A ad-0007: .*, model score -?\.\d+/);
      expect(contrast).toContain(otherwise(mode));
      const list = shown(await explainCommand.run(context, { user: 'u1', mode, k: 5 }));
      expect(list).toContain('baseline + groups = model score');
      expect(list).toMatch(/# +title +model score +base/);
      expect(list).toContain(otherwise(mode));
    },
  );

  it('say no more than that in mode model, whose list is ordered by it', async () => {
    const text = shown(await explainCommand.run(context, { user: 'u1', mode: 'model', k: 5 }));
    expect(text).toContain('baseline + groups = model score');
    expect(text).not.toContain('is not ordered by it');
  });
});

describe('a group without input', () => {
  it('says how far back it looked, in the data and in the text of explain and inputs', async () => {
    const early = { user: 'u1', at: 1_000_000_000_000 };
    const inputs = await inputsCommand.run(context, early);
    const browse = inputs.data.groups.find(({ group }) => group === 'browse');
    expect(browse).toMatchObject({ present: false });
    const days = (browse?.windowMs ?? 0) / 86_400_000;
    const words = days > 0 ? `no event in its window (${days} d)` : 'no event to read';
    expect(shown(inputs)).toContain(words);
    const explained = await explainCommand.run(context, { ...early, ad: 'ad-0007' });
    expect(shown(explained)).toContain(words);
    expect(inputs.data.groups.find(({ group }) => group === 'context')).not.toHaveProperty('windowMs');
  });
});
