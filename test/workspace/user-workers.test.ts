import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLarge } from '../../fixtures/large.ts';
import { audienceCommand } from '../../src/commands/audience.ts';
import type { CommandResult } from '../../src/commands/command.ts';
import { defaultQuery } from '../../src/commands/query-defaults.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { fakeContext } from '../commands/fake-workspace.ts';
import { openReal } from '../support/faulty-workspace.ts';
import { temporaryFolder } from '../support/vectors.ts';

describe('work over many users', () => {
  let workspace: Workspace;
  let adId = '';
  const seen: number[] = [];
  beforeAll(async () => {
    const folder = temporaryFolder('workers');
    await makeLarge({ ads: 400, out: join(folder, 'shop'), users: 200, dim: 16 });
    workspace = await openReal(join(folder, 'shop'), join(folder, 'cache'));
    adId = (await workspace.engine.recall(defaultQuery(workspace, workspace.store.userIds()[5] ?? ''))).candidates[3]?.adId ?? '';
  });
  afterAll(() => workspace.close());

  const audience = (workers: number, signal = new AbortController().signal): Promise<CommandResult> =>
    audienceCommand.run(fakeContext(workspace, { signal, progress: ({ done }) => { seen.push(done); } }), { ad: adId, users: 0, workers });

  it('gives the same audience in this thread and in two workers, with progress to the last user', async () => {
    const [here, there] = [await audience(0), await audience(2)];
    expect(there.data['workers']).toBe(2);
    expect({ ...there.data, workers: 0 }).toEqual(here.data);
    expect(here.data['reached']).toBeGreaterThan(0);
    expect(seen.filter((done) => done === 200)).toHaveLength(2);
  });

  it('ends its workers when it is cancelled', async () => {
    const abort = new AbortController();
    const running = audience(2, abort.signal);
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});
