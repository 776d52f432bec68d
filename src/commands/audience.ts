import { byCodeUnit } from '../domain/order.ts';
import type { RecallQuery } from '../domain/query.ts';
import { seededRandom } from '../domain/random.ts';
import { audience } from '../engine/audience.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { numberArg } from './arg-values.ts';
import type { Command } from './command.ts';
import { requiredText } from './explain.ts';
import { queryFromArgs } from './query-args.ts';
import { titlesOf } from './titles.ts';

/** `count` users drawn by seed, in code-unit order; 0 = all. */
const sampleUsers = ({ store }: Workspace, count: number, seed: number): string[] => {
  const ids = store.userIds();
  if (count <= 0 || count >= ids.length) return ids;
  const order = seededRandom(seed).shuffle(Uint32Array.from(ids, (_, i) => i)).subarray(0, count);
  return Array.from(order, (i) => ids[i] ?? '').sort(byCodeUnit);
};

export const audienceCommand: Command = {
  id: 'audience',
  title: 'Audience of an ad',
  doc: 'The sampled users who recall an ad, best rank first, and its reach by channel and by segment (user attributes and history length). Exit 1 when nobody does.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  args: [
    { name: 'ad', type: 'ad', position: 0, required: true, doc: 'The ad.' },
    { name: 'users', type: 'int', default: 500, unit: 'users', doc: 'How many users are sampled; 0 = all.' },
    { name: 'seed', type: 'int', default: 1, doc: 'Seed of the sample.' },
  ],
  examples: ['audience ad-05313', 'audience ad-05313 --users 0 --mode merged'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const adId = requiredText(args, 'ad');
    const seed = numberArg(args, 'seed') ?? 1;
    const users = sampleUsers(workspace, numberArg(args, 'users') ?? 500, seed);
    const queries: RecallQuery[] = [];
    for (const userId of users) queries.push(await queryFromArgs(context, args, userId));
    const started = workspace.clock.tick();
    const result = await audience(workspace.engine, adId, queries, { signal: context.signal, onProgress: (done, total) => context.progress({ stage: 'audience', done, total }) });
    return {
      schema: 'audience',
      data: { ...result, title: titlesOf(workspace.catalog, [adId]).get(adId) ?? '', sample: { users: users.length, of: workspace.store.userCount, seed } },
      timingsMs: { total: workspace.clock.tick() - started },
      ...(result.reached === 0 ? { exitCode: 1 as const } : {}),
    };
  },
};
