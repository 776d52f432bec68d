import type { ResultOf, Schema } from '../../../src/answers/answers.ts';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { shellWord } from '../../../src/base/shell.ts';
import { audienceCommand } from '../../../src/commands/why/audience.ts';
import type { ArgValues, Command } from '../../../src/console/command.ts';
import { recallCommandLine } from '../../../src/console/command-line.ts';
import { contrastCommand } from '../../../src/commands/why/contrast.ts';
import { counterfactualCommand } from '../../../src/commands/why/counterfactual.ts';
import { explainCommand } from '../../../src/commands/why/explain.ts';
import { parseArgv } from '../../../src/console/parse.ts';
import { queryFromArgs } from '../../../src/commands/query/args.ts';
import { defaultQuery } from '../../../src/console/query-defaults.ts';
import { recallCommand } from '../../../src/commands/recall/recall.ts';
import { stabilityCommand } from '../../../src/commands/why/stability.ts';
import { whyNotCommand } from '../../../src/commands/why/why-not.ts';
import type { RecallQuery } from '../../../src/domain/query.ts';
import { fakeContext, fakeWorkspace } from '../fake-workspace.ts';

const workspace = fakeWorkspace();
const run = <S extends Schema>(command: Command<S>, args: ArgValues): Promise<ResultOf<S>> =>
  command.run(fakeContext(workspace), args);

/** A stand-in for the bin that prints its words, and what is piped in. */
const shims = mkdtempSync(join(tmpdir(), 'recall-shim-'));
writeFileSync(join(shims, 'recall-tui'), '#!/bin/sh\nprintf "%s\\0" "$@"\nif [ "$3" = - ]; then cat; fi\n', {
  mode: 0o755,
});
afterAll(() => rmSync(shims, { recursive: true }));

/** Runs a command line as a shell would pass it to recall-tui: its words, and what is piped in. */
const runLine = async (line: string): Promise<RecallQuery> => {
  const parts = execFileSync('/bin/sh', ['-c', line], {
    encoding: 'utf8',
    env: { PATH: `${shims}:${process.env['PATH'] ?? ''}` },
  }).split('\0');
  const piped = parts.pop() ?? '';
  const parsed = parseArgv(parts, { commands: [recallCommand], globals: [{ name: 'json', type: 'flag', doc: '' }] });
  if (!parsed.ok) throw new Error(parsed.issue.message);
  const context = fakeContext(workspace, { stdin: () => Promise.resolve(piped) });
  return queryFromArgs(
    context,
    parsed.parsed.args,
    typeof parsed.parsed.args['user'] === 'string' ? parsed.parsed.args['user'] : undefined,
  );
};

describe('the commands that ask why', () => {
  it('explain one ad with titles, or the whole list by groups', async () => {
    const one = await run(explainCommand, { user: 'u0', ad: 'ad-0014' });
    expect(one).toMatchObject({
      schema: 'explain',
      data: { adId: 'ad-0014', tree: { op: 'sum', label: 'modelScore' } },
    });
    const list = await run(explainCommand, { user: 'u0' });
    expect(list.schema === 'explain-list' ? list.data.rows : []).toHaveLength(10);
    expect((await run(contrastCommand, { user: 'u0', ad: 'ad-0014', other: 'ad-0021' })).data).toMatchObject({
      a: { adId: 'ad-0014' },
      b: { adId: 'ad-0021' },
    });
  });

  it('give every repair and counterfactual a shell line that brings the ad in', async () => {
    let repaired = 0;
    for (const mode of ['model', 'merged', 'legacy', 'i2i']) {
      for (const { adId: ad } of workspace.catalog.listAds({ limit: 12 })) {
        const { data } = await run(whyNotCommand, { user: 'u1', ad, mode });
        const { repair } = data;
        if (repair === null) continue;
        repaired += 1;
        const query = await runLine(repair.command);
        expect((await workspace.engine.recall(query)).candidates.map((candidate) => candidate.adId)).toContain(ad);
      }
    }
    expect(repaired).toBeGreaterThan(10);
    const { data } = await run(counterfactualCommand, {
      user: 'u1',
      ad: 'ad-0014',
      by: 'events',
      'no-eligibility': true,
    });
    expect(data).toMatchObject({ by: 'events', adId: 'ad-0014' });
    expect((await run(stabilityCommand, { user: 'u1' })).data.groups).toHaveLength(6);
  });

  it('name the users who recall an ad, and exit 1 where there is none', async () => {
    const { data } = await run(audienceCommand, { ad: 'ad-0014', users: 0, 'no-eligibility': true });
    expect(data).toMatchObject({ users: 6, sample: { users: 6, of: 6 } });
    expect((await run(audienceCommand, { ad: 'ad-0014', users: 2, k: 1, weight: ['browse=0'] })).data).toMatchObject({
      users: 2,
    });
    const results = await Promise.all(
      workspace.catalog.listAds({ limit: 40 }).map((ad) => run(audienceCommand, { ad: ad.adId, users: 1, k: 1 })),
    );
    for (const result of results) expect(result.exitCode ?? 0).toBe(result.data.reached === 0 ? 1 : 0);
    expect(results.some((result) => result.exitCode === 1)).toBe(true);
  });

  it('refuse a question without an ad, and an unknown id', async () => {
    await expect(run(whyNotCommand, { user: 'u1' })).rejects.toMatchObject({ code: 'usage' });
    await expect(run(explainCommand, { user: 'u1', ad: 'nope' })).rejects.toMatchObject({
      code: 'unknown-ad',
      exitCode: 2,
    });
    await expect(run(explainCommand, { user: 'u1', ad: 'ad-0014', budget: 0 })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});

describe('the command line of a query', () => {
  it('quotes any word so that a shell reads it back', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }).filter((text) => !text.includes('\0')),
        (text) => {
          expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
        },
      ),
      { numRuns: 30, examples: [["it's"], ['音箱 $HOME `x`'], ['']] },
    );
  });

  it('runs exactly this query, as flags or as JSON', async () => {
    const base = defaultQuery(workspace, 'u2');
    const event = workspace.engine.core.history(base)[0]?.eventId ?? '';
    const queries: RecallQuery[] = [
      base,
      {
        ...base,
        k: 33,
        ef: 200,
        asOf: base.asOf - 5000,
        weights: { ...base.weights, browse: 1.25, social: 0 },
        eligibility: false,
      },
      { ...base, mode: 'merged', context: { promo: "6'18" }, excludedEvents: [event] },
      { ...base, extraEvents: [{ kind: 'search', at: base.asOf - 1, query: 'smart 音箱' }] },
      { ...base, disabled: ['keyword'], mode: 'legacy' },
      { ...base, extraEvents: [{ kind: 'view', at: base.asOf - 9, adId: 'ad-0014' }] },
    ];
    for (const query of queries) expect(await runLine(recallCommandLine(workspace, query))).toEqual(query);
    expect(recallCommandLine(workspace, base)).toBe('recall-tui recall u2 --json');
  });
});
