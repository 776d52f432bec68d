import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { folder } from '../session/support.ts';
import { localHost } from '../support/local-host.ts';
import { realCli } from '../support/real-cli.ts';
import { smallWorkspace, type SmallWorkspace } from '../support/small-workspace.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

let small: SmallWorkspace;
const before = process.cwd();
let dir: string;
beforeAll(async () => {
  small = await smallWorkspace();
  await writeFile(join(small.dir, 'key.hex'), '07'.repeat(32));
});
beforeEach(() => {
  dir = folder();
  process.chdir(dir);
});
afterAll(() => {
  process.chdir(before);
});

const env = (): Record<string, string> => ({ XDG_STATE_HOME: dir });
const screen = async (): Promise<RunningTui> => {
  const tui = await runTui(120, 40, { realHost: localHost(small.dir, small.tools, env()) });
  await tui.press(keys.enter);
  return tui;
};
const typed = async (tui: RunningTui, line: string): Promise<void> => tui.press(':', ...line, keys.enter);
const quit = async (tui: RunningTui): Promise<void> => {
  tui.stdin.emit('end');
  await tui.exit;
};

/** `R`, three questions of which one is pinned, `R`. */
const record = async (tui: RunningTui): Promise<void> => {
  await tui.press('R', keys.enter);
  await typed(tui, 'recall --mode legacy');
  await typed(tui, 'expect ids');
  await typed(tui, 'recall --mode i2i');
  await typed(tui, 'expect ids');
  await tui.press('R');
};

/** The pinned lists of the session turned round, so that their steps fail. */
const spoil = (file: string): void => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const turned = lines.map((line) => {
    const step = JSON.parse(line);
    if (step.expect?.ids !== undefined) step.expect.ids.reverse();
    return JSON.stringify(step);
  });
  writeFileSync(file, `${turned.join('\n')}\n`);
};

describe('the session that R has just written', () => {
  it('is the one that review opens without a name, and sessions lists it, on the screen and in a shell', async () => {
    const tui = await screen();
    await typed(tui, 'review');
    expect(tui.screen.text()).toContain('no session is named, and none was recorded here');
    await record(tui);
    expect(tui.screen.text()).toContain('3 steps recorded: session.jsonl');
    await typed(tui, 'review');
    expect(tui.screen.text()).toContain('session.jsonl: no undecided divergence.');
    expect(tui.screen.text()).toContain('enter plays the session');
    await typed(tui, 'sessions');
    expect(tui.screen.text()).toMatch(/session\.jsonl +3 +2 +recall/);
    expect(tui.screen.text()).toContain('enter lists them, to play one');
    await quit(tui);
    writeFileSync('other.jsonl', '{"a":1}\n');
    mkdirSync('folder.jsonl');
    execFileSync('mkfifo', ['pipe.jsonl']);
    const listed = await realCli(['-w', small.dir, 'sessions', '--json'], env());
    expect(JSON.parse(listed.out).sessions).toEqual([
      expect.objectContaining({ path: 'session.jsonl', problem: null }),
    ]);
  });

  it('is listed where it stands in a folder of its own, once, under the name that was typed', async () => {
    const tui = await screen();
    const file = join(folder(), 'elsewhere.jsonl');
    await tui.press('R', 'ctrl-u', ...file, keys.enter, 'R');
    await typed(tui, 'sessions elsewhere');
    expect(tui.screen.text()).toMatch(/1 session in \d folders/);
    await quit(tui);
  });

  it('has another name than the one before, and than a file that is there', async () => {
    writeFileSync('session.jsonl', '');
    const tui = await screen();
    await tui.press('R', keys.enter, 'R', 'R');
    expect(tui.screen.text()).toContain('session-3.jsonl');
    await tui.press(keys.esc);
    expect(existsSync('session-2.jsonl')).toBe(true);
    await quit(tui);
  });
});

describe('the keys of a review', () => {
  it('accept the steps one after the other with a reason, or reject them, and play the session', async () => {
    const tui = await screen();
    await record(tui);
    spoil('session.jsonl');
    await typed(tui, 'review');
    expect(tui.screen.text()).toContain('session.jsonl: 2 undecided divergences.');
    expect(tui.screen.text()).toContain('a accepts step 2 (with a reason), r rejects it, enter plays');
    expect(tui.screen.text()).not.toContain('--accept');
    expect(tui.screen.text()).toMatch(/a accept… +r reject +enter play/);
    await tui.press('a', keys.enter);
    expect(tui.screen.text()).toContain('the reason is missing');
    await tui.press(...'new rules', keys.enter);
    expect(tui.screen.text()).toContain('step 2 accepted: new rules');
    expect(tui.screen.text()).toContain('a accepts step 3');
    await tui.press('r');
    expect(tui.screen.text()).toContain('step 3 rejected');
    await tui.press('a');
    expect(tui.screen.text()).toContain('! a: needs an undecided step');
    const steps = readFileSync('session.jsonl', 'utf8').trim().split('\n').slice(1);
    expect(steps.map((line) => JSON.parse(line).history?.map((h: { decision: string }) => h.decision))).toEqual([
      ...[undefined, ['accepted'], ['rejected']],
    ]);
    await tui.press(keys.enter);
    expect(tui.store.get().player?.file).toBe('session.jsonl');
    await quit(tui);
  });
});
