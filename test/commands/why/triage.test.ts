import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TriageData } from '../../../src/answers/triage.ts';
import { triageCommand } from '../../../src/commands/why/triage.ts';
import type { ArgValues, CommandContext } from '../../../src/console/command.ts';
import { defaultQuery } from '../../../src/console/query-defaults.ts';
import { lossOf } from '../../../src/domain/losses.ts';
import { seededRandom } from '../../../src/domain/random.ts';
import { whyNot } from '../../../src/engine/why-not/why-not.ts';
import { triageView } from '../../../src/views/answers/why/triage-view.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import { cellWidth } from '../../../src/views/text/cells.ts';
import { contextOf, sessionWorkspace } from '../../session/support.ts';
import { makeWorld } from '../../support/memory-world.ts';

const world = makeWorld({ seed: 5, users: 12, ads: 120, eventsPerUser: 20 });
const workspace = sessionWorkspace({ world });
const dir = mkdtempSync(join(tmpdir(), 'recall-triage-'));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

interface Answer {
  readonly data: TriageData;
  readonly exitCode: number;
  readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly summary: unknown;
}

/** Runs it with the rows handed out line by line. */
const triage = async (text: string, args: ArgValues = {}, more: Partial<CommandContext> = {}): Promise<Answer> => {
  const lines: Array<Readonly<Record<string, unknown>>> = [];
  const result = await triageCommand.run(
    contextOf(workspace, {
      stdin: () => Promise.resolve(text),
      line: (json) => {
        lines.push(JSON.parse(JSON.stringify(json)));
        return Promise.resolve();
      },
      ...more,
    }),
    { file: '-', workers: 0, ...args },
  );
  return {
    data: result.data,
    exitCode: result.exitCode ?? 0,
    rows: lines.slice(0, -1),
    summary: lines.at(-1)?.['summary'],
  };
};

interface Planted {
  readonly user: string;
  readonly ad: string;
  readonly expect: string;
}

/** Random pairs with unknown ids among them, each with a random expectation or none. */
const pairs = (count: number, seed: number): Planted[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => ({
    user: i % 19 === 7 ? `nobody-${i}` : (world.users[random.below(world.users.length)]?.userId ?? ''),
    ad: i % 23 === 11 ? `none-${i}` : (world.ads[random.below(world.ads.length)]?.adId ?? ''),
    expect: ['present', 'absent', ''][random.below(3)] ?? '',
  }));
};

const csv = (list: readonly Planted[], cut = ','): string =>
  ['user', 'ad', 'expect'].join(cut) + list.map((p) => `\n${p.user}${cut}${p.ad}${cut}${p.expect}`).join('');

/** The naive loop: why-not for each pair by itself, its loss, and what the expectation makes of it. */
const naive = async (list: readonly Planted[]): Promise<Array<{ verdict: string; holds: boolean | null }>> => {
  const out = [];
  for (const { user, ad, expect: wanted } of list) {
    const known = world.users.some(({ userId }) => userId === user);
    const verdict = known
      ? lossOf(await whyNot(workspace.engine, defaultQuery(workspace, user), ad, { repair: false })).verdict
      : 'unknown-user';
    const right = known && (verdict === 'recalled') === (wanted === 'present');
    out.push({ verdict, holds: wanted === '' ? null : right });
  }
  return out;
};

const planted = pairs(1000, 11);

describe('triage', () => {
  it('gives each of 1,000 random pairs the verdict of why-not and its planted expectation; exit code, groups and JUnit are their count', async () => {
    const junit = join(dir, 'all.xml');
    const [{ rows, data, exitCode, summary }, oracle] = [
      await triage(csv(planted), { 'no-repair': true, junit }),
      await naive(planted),
    ];
    expect(rows.map(({ verdict, holds }) => ({ verdict, holds }))).toEqual(oracle);
    expect(rows.map(({ line, userId, adId }) => [line, userId, adId])).toEqual(
      planted.map(({ user, ad }, i) => [i + 2, user, ad]),
    );
    const failed = oracle.filter(({ holds }) => holds === false).length;
    const expected = oracle.filter(({ holds }) => holds !== null).length;
    expect(failed).toBeGreaterThan(50);
    expect(new Set(oracle.map(({ verdict }) => verdict)).size).toBeGreaterThan(4);
    expect([exitCode, data.failed, data.expected, data.rows]).toEqual([1, failed, expected, 1000]);
    for (const verdict of new Set(oracle.map((one) => one.verdict))) {
      const groups = data.groups.filter(({ group }) => group.split(':')[0] === verdict);
      expect(
        groups.reduce((sum, { rows: n }) => sum + n, 0),
        verdict,
      ).toBe(oracle.filter((one) => one.verdict === verdict).length);
    }
    expect(summary).toMatchObject({ rows: 1000, failed });
    const xml = readFileSync(junit, 'utf8');
    expect(xml).toContain(`tests="${expected}" failures="${failed}"`);
    expect(xml.match(/<testcase /g)).toHaveLength(expected);
    expect(xml.match(/<failure /g)).toHaveLength(failed);
    expect(xml).not.toMatch(/"line \d+: u\d/);
  });

  it('ends with 0 where every expectation holds, and with 2 where a line is no pair', async () => {
    const oracle = await naive(planted.slice(0, 60));
    const right = planted.slice(0, 60).flatMap((pair, i) => (oracle[i]?.holds === false ? [] : [pair]));
    expect((await triage(csv(right), { 'no-repair': true })).exitCode).toBe(0);
    const { rows, exitCode, data } = await triage('user,ad,time\nu1,ad-0007,soon\n,ad-0007,\n"u1,ad-0007', {
      'no-repair': true,
    });
    expect(exitCode).toBe(2);
    expect(data.unreadable).toBe(2);
    expect(rows.map(({ problem }) => problem)).toEqual([expect.stringContaining('time "soon"'), 'no user']);
  });

  it('reads CSV, TSV and JSON lines alike, with a header in other words or none, and a field over two lines', async () => {
    const list = planted.slice(0, 30);
    const first = await triage(csv(list), { 'no-repair': true });
    const bare = ({ rows }: Answer): unknown[] => rows.map(({ line: _, ...row }) => row);
    const json = list.map(({ user, ad, expect: wanted }) =>
      JSON.stringify({ user_id: user, adId: ad, expected: wanted }),
    );
    for (const text of [
      csv(list, '\t'),
      csv(list, ';').replace('user;ad', 'User ID;item'),
      csv(list).replace(/^.*\n/, ''),
      json.join('\n'),
      `note,${csv(list).replaceAll('\n', '\n"first\nsecond ""line""",')}\n`,
    ])
      expect(bare(await triage(text, { 'no-repair': true }))).toEqual(bare(first));
    await expect(triage('user,item_name\nu1,x')).rejects.toThrow(/names no user and no ad/);
    await expect(triage('\n\n')).rejects.toThrow(/no pair in standard input/);
  });

  it('offers the repair that why-not runs, with its command, and counts repairs by group', async () => {
    const list = planted.filter(({ user }) => world.users.some(({ userId }) => userId === user)).slice(0, 6);
    const { rows, data } = await triage(csv(list), { k: 5, mode: 'merged' });
    let repaired = 0;
    for (const [i, { user, ad }] of list.entries()) {
      const query = { ...defaultQuery(workspace, user), k: 5, mode: 'merged' as const };
      const { repair } = await whyNot(workspace.engine, query, ad);
      expect(rows[i]?.['repair']).toEqual(
        repair === null
          ? null
          : {
              change: JSON.parse(JSON.stringify(repair.change)),
              rank: repair.effect.rank,
              command: expect.any(String),
            },
      );
      repaired += repair === null ? 0 : 1;
    }
    expect(repaired).toBeGreaterThan(0);
    const counted = data.groups.flatMap(({ repairs }) => Object.values(repairs)).reduce((a, b) => a + b, 0);
    expect(counted).toBe(repaired);
  });

  it('asks a pair with a time as of that time', async () => {
    const user = world.users[1]?.userId ?? '';
    const at = Date.UTC(2025, 4, 20);
    const ad = world.ads[3]?.adId ?? '';
    const { rows } = await triage(`user,ad,time\n${user},${ad},2025-05-20T00:00:00Z`, { 'no-repair': true });
    const alone = await whyNot(workspace.engine, { ...defaultQuery(workspace, user), asOf: at }, ad, { repair: false });
    expect(rows[0]).toMatchObject({ at, verdict: alone.verdict });
  });

  it('goes on in a file that was cut off anywhere, to the same bytes, and refuses rows of others', async () => {
    const list = planted.slice(0, 200);
    const [input, out] = [join(dir, 'in.csv'), join(dir, 'rows.jsonl')];
    writeFileSync(input, csv(list));
    const args = { file: input, out, 'no-repair': true };
    const { data } = await triage('', args);
    const whole = readFileSync(out, 'utf8');
    for (const at of [
      whole.indexOf('\n') + 1,
      5000,
      5001,
      whole.lastIndexOf('{"summary"'),
      whole.length - 3,
      whole.length,
    ]) {
      writeFileSync(out, whole.slice(0, at));
      const again = await triage('', args);
      expect(readFileSync(out, 'utf8'), `cut at ${at}`).toBe(whole);
      expect({ ...again.data, kept: 0 }).toEqual({ ...data, kept: 0 });
    }
    await expect(triage('', { ...args, k: 3 })).rejects.toThrow(/holds other rows/);
    writeFileSync(input, csv([...list].reverse()));
    await expect(triage('', args)).rejects.toThrow(/rows of other pairs/);
    expect(readFileSync(out, 'utf8')).toContain('"line":2');
  });

  it('refuses rows of others without a change to their file', async () => {
    const [out, other] = [join(dir, 'refused.jsonl'), join(dir, 'other.jsonl')];
    const list = pairs(12, 3);
    await triage(csv(list), { out, 'no-repair': true });
    const whole = readFileSync(out);
    await expect(triage(csv([...list].reverse()), { out, 'no-repair': true })).rejects.toMatchObject({
      code: 'bad-input',
    });
    expect(readFileSync(out).equals(whole)).toBe(true);
    writeFileSync(other, 'a diary without a line end');
    await expect(triage(csv(list), { out: other, 'no-repair': true })).rejects.toMatchObject({ code: 'bad-input' });
    expect(readFileSync(other, 'utf8')).toBe('a diary without a line end');
  });

  it('refuses one file for two uses before anything is written, through a link too', async () => {
    const [input, link] = [join(dir, 'same.csv'), join(dir, 'link.csv')];
    const text = csv(pairs(5, 4));
    writeFileSync(input, text);
    symlinkSync(input, link);
    for (const args of [
      { file: input, junit: input },
      { file: input, out: link },
      { file: input, out: join(dir, 'new'), junit: join(dir, '.', 'new') },
      { file: input, report: link },
    ])
      await expect(triage('', { ...args, 'no-repair': true })).rejects.toMatchObject({ code: 'usage' });
    expect(readFileSync(input, 'utf8')).toBe(text);
    expect(existsSync(join(dir, 'new'))).toBe(false);
  });

  it('names the field of a JSON line that is no text, and keeps the others', async () => {
    const { rows } = await triage('{"user":"u1","ad":"a1","expect":true}\n', { 'no-repair': true });
    expect(rows[0]).toMatchObject({ userId: 'u1', adId: 'a1', problem: 'expect is neither a text nor a number' });
  });

  it('says in words that its input is not there', async () => {
    await expect(triage('', { file: join(dir, 'nowhere.csv') })).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('draws its summary in the width it is given, with Chinese ids', async () => {
    const { data } = await triage(`user,ad,expect\n用户,智能音箱,present\nu1,ad-0007,absent`, { 'no-repair': true });
    for (const width of [40, 80, 120])
      expect(renderPlain(triageView(data, width)).filter((line) => cellWidth(line) > width)).toEqual([]);
    expect(renderPlain(triageView(data, 120)).join('\n')).toContain('用户 智能音箱');
  });
});
