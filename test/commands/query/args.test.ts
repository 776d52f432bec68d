import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ArgValues } from '../../../src/console/command.ts';
import { queryFromArgs } from '../../../src/commands/query/args.ts';
import { recallCommand } from '../../../src/commands/recall/recall.ts';
import { RecallError } from '../../../src/errors.ts';
import { fakeContext, fakeWorkspace } from '../fake-workspace.ts';

const dir = mkdtempSync(join(tmpdir(), 'recall-query-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});
writeFileSync(
  join(dir, 'presets.json'),
  JSON.stringify({ 618: { title: 'promotion', weights: { context: 1.5 }, context: { promo: '618' }, k: 7 } }),
);

const workspace = fakeWorkspace({ dir });
const context = fakeContext(workspace);
const fromArgs = (args: ArgValues, user?: string) => queryFromArgs(context, args, user);
const refused = async (args: ArgValues, user?: string): Promise<RecallError> => {
  const error: unknown = await fromArgs(args, user).then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof RecallError)) throw new Error('it was accepted');
  return error;
};

describe('the query of the command line', () => {
  it('starts from the workspace’s defaults with every group as trained', async () => {
    const query = await fromArgs({}, 'u1');
    expect(query).toMatchObject({
      userId: 'u1',
      asOf: workspace.manifest.asOf,
      k: 10,
      ef: 50,
      mode: 'model',
      eligibility: true,
    });
    expect(new Set(Object.values(query.weights))).toEqual(new Set([1]));
  });

  it('lays the preset over the base and single flags over the preset', async () => {
    const query = await fromArgs({ preset: '618', weight: ['search=0.5'], k: 3, context: ['device=phone'] }, 'u1');
    expect(query).toMatchObject({
      k: 3,
      context: { device: 'phone', promo: '618' },
      weights: { context: 1.5, search: 0.5, browse: 1 },
    });
  });

  it('turns --search into a search just before as-of, and --at moves it along', async () => {
    const at = workspace.manifest.asOf ?? 0;
    expect((await fromArgs({ search: ['音箱'], at: at - 1000 }, 'u1')).extraEvents).toEqual([
      { kind: 'search', at: at - 1001, query: '音箱' },
    ]);
  });

  it('prefers the query file over the current query, and reads stdin for -', async () => {
    const base = await fromArgs({ k: 5 }, 'u2');
    const piped = fakeContext(workspace, {
      baseQuery: base,
      stdin: () => Promise.resolve('{"userId": "u3", "ef": 77}'),
    });
    expect(await queryFromArgs(piped, {}, undefined)).toEqual(base);
    expect(await queryFromArgs(piped, { query: '-' }, undefined)).toMatchObject({ userId: 'u3', k: 5, ef: 77 });
  });

  it('drops what belongs to one user when the same question is asked about another', async () => {
    const base = await fromArgs({ exclude: ['e0-1'], search: ['x'], 'no-eligibility': true }, 'u0');
    const moved = await queryFromArgs(fakeContext(workspace, { baseQuery: base }), {}, 'u1');
    expect(moved).toMatchObject({ userId: 'u1', excludedEvents: [], extraEvents: [], eligibility: false });
  });

  it('names what is wrong, and what may have been meant', async () => {
    expect((await refused({})).todo).toContain('recall-tui users');
    expect(await refused({}, 'u99')).toMatchObject({ code: 'unknown-user', exitCode: 2 });
    expect((await refused({ weight: ['serach=1'] }, 'u1')).todo).toBe('did you mean "search"?');
    expect((await refused({ preset: '61' }, 'u1')).todo).toBe('did you mean "618"?');
    expect((await refused({ k: 0 }, 'u1')).expected).toContain('from 1');
    expect(await refused({ query: join(dir, 'none.json') })).toMatchObject({ code: 'bad-input' });
    const junk = fakeContext(workspace, { stdin: () => Promise.resolve('') });
    await expect(queryFromArgs(junk, { query: '-' }, undefined)).rejects.toMatchObject({
      code: 'bad-input',
      found: 'nothing',
    });
  });

  it('gives the same query and the same answer when read back from its own JSON, however its keys are ordered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          k: fc.integer({ min: 1, max: 30 }),
          ef: fc.integer({ min: 1, max: 99 }),
          mode: fc.constantFrom('model', 'i2i', 'legacy', 'merged'),
          weight: fc.array(
            fc
              .tuple(fc.constantFrom('browse', 'search', 'trend'), fc.double({ min: 0, max: 4, noNaN: true }))
              .map(([g, x]) => `${g}=${x}`),
          ),
          search: fc.array(fc.string({ minLength: 1 }), { maxLength: 2 }),
          'no-eligibility': fc.boolean(),
        }),
        fc.constantFrom('u0', 'u1', 'u2'),
        async (args, user) => {
          const first = await recallCommand.run(context, { ...args, user });
          const shuffled = Object.fromEntries(Object.entries(first.query ?? {}).reverse());
          const piped = fakeContext(workspace, { stdin: () => Promise.resolve(JSON.stringify(shuffled)) });
          const second = await recallCommand.run(piped, { query: '-' });
          expect(JSON.stringify(second.query)).toBe(JSON.stringify(first.query));
          expect(JSON.stringify(second.data)).toBe(JSON.stringify(first.data));
        },
      ),
      { numRuns: 40 },
    );
  });
});
