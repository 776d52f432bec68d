import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDemo, testTools } from '../support/demo.ts';
import { localHost } from '../support/local-host.ts';
import { realCli } from '../support/real-cli.ts';
import { keys, runTui } from '../support/tui.ts';

const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
const marked = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1] ?? '');

/** The rows of the README's tour: what is pressed, and what must then be on the screen. */
const tour = (/<!-{2} tour -->\n([\s\S]*?)\n<!-{2} \/tour -->/.exec(readme)?.[1] ?? '')
  .split('\n')
  .slice(2)
  .map((line) => {
    const [, pressed = '', seen = ''] = line.split('|');
    return { line, presses: marked(pressed), seen: marked(seen) };
  });

const named = new Map<string, string>(Object.entries(keys));

const home = process.cwd();
const dir = mkdtempSync(join(tmpdir(), 'recall-tour-'));
let demoDir = '';

beforeAll(async () => {
  const demo = await openDemo();
  demoDir = demo.dir;
  await demo.close();
  process.chdir(dir);
});
afterAll(() => {
  process.chdir(home);
  rmSync(dir, { recursive: true, force: true });
});

describe('the tour of the README', () => {
  it('can be played key by key, shows what it says, and leaves a session that replays', async () => {
    expect(tour.length).toBeGreaterThan(10);
    const tui = await runTui(120, 40, { realHost: localHost(demoDir, testTools) });
    for (const { line, presses, seen } of tour) {
      await tui.press(...presses.map((press) => named.get(press) ?? press));
      for (const text of seen) expect(tui.screen.text(), `${line}\n${text} is not on the screen`).toContain(text);
    }
    expect(await tui.exit).toBe(0);
    expect(tui.errors).toEqual([]);
    const replayed = await realCli(['-w', demoDir, 'replay', join(dir, 'session.jsonl')], { HOME: dir });
    expect(replayed.out).toContain(/# (1 session, \d+ steps: all passed\.)/.exec(readme)?.[1]);
    expect(replayed.code).toBe(0);
  });
});
