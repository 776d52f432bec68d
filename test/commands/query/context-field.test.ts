import { describe, expect, it } from 'vitest';
import { queryFromArgs } from '../../../src/commands/query/args.ts';
import { contextOf, sessionWorkspace } from '../../session/support.ts';

describe('the option --context', () => {
  it('refuses an unknown field with the nearest one, takes any value, and checks no field where the model lists none', async () => {
    const plain = sessionWorkspace();
    const encoder = await plain.encoder();
    if (encoder === null) throw new Error('no model');
    const knowing = {
      ...plain,
      encoder: () =>
        Promise.resolve({
          ...encoder,
          contextFields: new Map([
            ['device', ['app']],
            ['hour', null],
          ]),
        }),
    };
    const asked = (workspace: typeof plain, context: string): ReturnType<typeof queryFromArgs> =>
      queryFromArgs(contextOf(workspace), { context: [context] }, 'u1');
    await expect(asked(knowing, 'devise=app')).rejects.toMatchObject({
      code: 'usage',
      message: 'no context field "devise"',
      todo: 'did you mean "device"?',
    });
    expect((await asked(knowing, 'device=tv')).context).toEqual({ device: 'tv' });
    expect((await asked(knowing, 'hour=')).context).toEqual({ hour: '' });
    expect((await asked(plain, 'devise=app')).context).toEqual({ devise: 'app' });
  });
});
