import { expect, it } from 'vitest';
import { recallCommand } from '../../src/commands/recall.ts';
import { fakeContext, fakeWorkspace } from './fake-workspace.ts';

const workspace = fakeWorkspace();

/** A model that has met promo=618 and no other value of a context field. */
const knowing618 = {
  ...workspace,
  encoder: async () => {
    const encoder = await workspace.encoder();
    return encoder === null ? null : {
      ...encoder,
      describeInputs: (inputs: Parameters<typeof encoder.describeInputs>[0]) => inputs.groups.flatMap(({ group, items }) => items.filter((item) => item.value !== null).map((item) => (
        { group, field: item.kind, value: item.value ?? '', id: null, outOfVocabulary: item.value !== '618', ageMs: null, eventId: null, excluded: false }))),
    };
  },
};

const noticesOf = async (context: readonly string[], mode = 'model'): Promise<unknown> =>
  (await recallCommand.run(fakeContext(knowing618), { user: 'u1', mode, context })).data['notices'];

it('a context value the model has never met is said with the list, others and those of other modes are not', async () => {
  expect(await noticesOf(['promo=foo'])).toEqual([expect.stringContaining('context promo "foo" is unknown to the model')]);
  expect(await noticesOf(['promo=618'])).toEqual([]);
  expect(await noticesOf(['promo='])).toEqual([]);
  expect(JSON.stringify(await noticesOf(['promo=foo'], 'legacy'))).not.toContain('unknown to the model');
});
