import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { realCli, type Ran } from '../support/real-cli.ts';

/** Folders of teams about which an answer was wrong once. */
const root = mkdtempSync(join(tmpdir(), 'recall-answers-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const cli = (...argv: string[]): Promise<Ran> => realCli(argv, { XDG_CACHE_HOME: join(root, '.cache') });
const workspaceOf = async (name: string, from = source(name)): Promise<string> => {
  const dir = join(root, name);
  cpSync(from, dir, { recursive: true });
  expect((await cli('init', dir, '--yes')).code).toBe(0);
  return dir;
};

describe('an index with elements marked as deleted', () => {
  it('is sound over its live ads, and names the deleted ones for what they are', async () => {
    const dir = await workspaceOf('hnsw-tombstones');
    const json = async (...argv: string[]): Promise<Record<string, unknown>> =>
      JSON.parse((await cli('-w', dir, ...argv, '--json')).out);
    for (const adId of ['sku-008', 'sku-044']) {
      expect(await json('why-not', 'u000', adId, '-k', '60')).toMatchObject({
        verdict: 'not-indexed',
        channels: [{ channel: 'model', evidence: { reason: 'it is marked as deleted in the index' } }],
      });
      expect(await json('search-path', 'u000', adId, '-k', '60')).toMatchObject({
        deleted: true,
        smallestEf: null,
        why: expect.stringContaining('marked as deleted'),
      });
      expect(await json('ad', adId)).toMatchObject({ vector: { indexed: false, deleted: true } });
    }
    expect(await json('recall', 'u000', '-k', '60', '--check-ann')).toMatchObject({
      candidates: expect.objectContaining({ length: 45 }),
      ann: { recallAtK: 1, missed: [] },
    });
    expect(await json('ef-curve', 'u000', '-k', '20')).toMatchObject({ points: [{ recall: 1 }, {}, {}, {}, {}, {}] });
    expect(await json('census')).toMatchObject({ ads: 45, unreachable: 0, deleted: { nodes: 15 } });
    const checks = (await cli('doctor', dir, '--json')).out;
    expect(JSON.parse(checks).checks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'recall@10', ok: true, found: '1.0000' }),
        expect.objectContaining({
          name: 'deleted nodes',
          found: expect.stringContaining('15 nodes marked as deleted'),
        }),
      ]),
    );
  });
});

describe('scores that are all one number', () => {
  it('lie in one bin that holds every ad', async () => {
    const dir = await workspaceOf('scores-all-equal');
    const { highest, lowest, bins } = JSON.parse((await cli('-w', dir, 'scores', 'u000', '-k', '10', '--json')).out);
    expect(lowest).toBe(highest);
    expect(bins).toEqual([{ from: highest, until: highest, ads: 60, inList: 10 }]);
    expect((await cli('-w', dir, 'scores', 'u000', '-k', '10')).out).toContain(
      'All 60 eligible ads score .1554: the 10 of the list come first by ad id.',
    );
  });
});

describe('a served log of JSON lines', () => {
  const log = (name: string): string => join(source('served-jsonl-units-and-ids'), name);

  it('is refused where its times are seconds, with the reading that fits', async () => {
    const dir = await workspaceOf('team', fileURLToPath(new URL('../../fixtures/team', import.meta.url)));
    const { code, err } = await cli('-w', dir, 'served', 'u17168', '--log', log('seconds.jsonl'));
    expect(code).toBe(2);
    expect(err).toMatch(/time[^]*seconds[^]*2025-06-15/);
  });

  it('reads ids that are numbers as their text', async () => {
    const { err } = await cli('-w', join(root, 'team'), 'served', '17168', '--log', log('numeric-ids.jsonl'));
    expect(err).not.toContain('not a served request');
    expect(err).toContain('17168');
  });

  it('names a score that is no number, and answers for the other users', async () => {
    const dir = join(root, 'team');
    const named = await cli('-w', dir, 'served', 'u17168', '--log', log('nan-score.jsonl'));
    expect(named.code).toBe(2);
    expect(named.err).toMatch(/line 1[^]*scores\.0/);
    const other = await cli('-w', dir, 'served', 'u29943', '--log', log('nan-score.jsonl'), '--json');
    expect(other.code).toBe(0);
    expect(JSON.parse(other.out).request).toMatchObject({ userId: 'u29943' });
  });
});
