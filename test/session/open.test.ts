import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPlayer } from '../../src/session/player.ts';
import { openSession, readSession } from '../../src/session/read.ts';
import { folder, runnerFor, sessionWorkspace, tenSteps, testVault, textOf } from './support.ts';

const total = 10_000;
let header: string;
let recorded: readonly string[];
beforeAll(async () => {
  [header = '', ...recorded] = textOf((await tenSteps(sessionWorkspace())).path)
    .trim()
    .split('\n');
});

/** Ten steps and what they are pinned to, again and again under new numbers. */
const renumbered = (steps: number): string[] =>
  Array.from({ length: steps * 2 }, (_, i) =>
    (recorded[i % recorded.length] ?? '').replace(
      /^\{"(step|amends)":\d+/,
      (_match, field: string) => `{"${field}":${Math.floor(i / 2) + 1}`,
    ),
  );

const written = (lines: readonly string[]): string => {
  const path = join(folder(), 's.jsonl');
  writeFileSync(path, `${[header, ...lines].join('\n')}\n`);
  return path;
};

describe('an opened session', () => {
  it('reads none of its 10,000 steps, and the player only those it lists or runs', async () => {
    const session = await openSession(written(renumbered(total)));
    expect([session.total, session.parsed()]).toEqual([total, 0]);
    const workspace = sessionWorkspace();
    const player = createPlayer(session, { workspace, vault: testVault(), runner: runnerFor(workspace) });
    const rows = player.rows(5000, 40);
    expect(rows.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => 5001 + i));
    expect(rows.every(({ expects }) => expects.join() === 'ids')).toBe(true);
    expect(session.parsed()).toBe(40);
    expect(await player.run(9999)).toMatchObject({ step: 9999, status: 'pass' });
    expect(session.parsed()).toBe(41);
    expect(player.rows(total - 3, 40).length).toBe(3);
  });

  it('gives the steps that reading all of it gives, whichever is asked for first', async () => {
    const path = written([...renumbered(20), '{"amends":3,"note":"late"}', '{"amends":0,"note":"of the whole"}']);
    const [open, { header: whole, steps, lines }] = [await openSession(path), await readSession(path)];
    for (const place of [19, 2, 7, 0]) expect(open.at(place)).toEqual(steps[place]);
    expect(open.at(2)?.notes).toEqual(['late']);
    expect(open.at(20)).toBeUndefined();
    expect([open.header, open.lines]).toEqual([whole, lines]);
    expect(whole.note).toContain('of the whole');
  });

  it('is the same where its fields stand in another order, as another program writes them', async () => {
    const sorted = renumbered(6).map((line) =>
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line)).reverse())),
    );
    expect(sorted[0]).not.toMatch(/^\{"step"/);
    expect((await readSession(written(sorted))).steps).toEqual((await readSession(written(renumbered(6)))).steps);
  });

  it('reports a broken step by its line when it comes to it; reading all of it reports it at once', async () => {
    const lines = renumbered(30);
    lines[40] = '{"step":21,"command":["recall"]}';
    const path = written(lines);
    const open = await openSession(path);
    expect(open.at(19)?.step).toBe(20);
    expect(() => open.at(20)).toThrow(/s\.jsonl:42: not a step/);
    await expect(readSession(path)).rejects.toThrow(/:42: not a step/);
  });

  it('refuses a line that gives its number twice', async () => {
    await expect(readSession(written(['{"step":1,"command":"recall","step":2}']))).rejects.toThrow(
      /:2: a key stands twice in the line/,
    );
    await expect(readSession(written(['{"step":1,"command":"recall","amends":0}']))).rejects.toThrow(
      /:2: a key stands twice in the line/,
    );
  });
});
