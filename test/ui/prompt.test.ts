import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { answering } from '../support/answers.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

const dir = mkdtempSync(join(tmpdir(), 'recall-prompt-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

let tui: RunningTui | undefined;
const stop = async (): Promise<void> => {
  tui?.stdin.emit('end');
  await tui?.exit;
  tui = undefined;
};
afterEach(stop);

const open = async (columns = 120, rows = 40, state = mkdtempSync(join(dir, 's-'))): Promise<RunningTui> => {
  tui = await runTui(columns, rows, {
    answer: answering,
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', XDG_STATE_HOME: state },
  });
  await tui.press(keys.enter);
  return tui;
};
const type = (t: RunningTui, line: string): Promise<void> => t.press(':', line, keys.enter);
const asked = (t: RunningTui, command: string) => t.host.calls.filter((c) => c.command === command);

describe('the prompt', () => {
  it('completes a command, and cycles a visible menu of ads found by words with Tab and shift-Tab', async () => {
    const t = await open();
    await t.press(':', 'why', keys.tab);
    expect(t.store.get().prompt?.input.value).toBe('why-not ');
    await t.press('u-00001 音', keys.tab);
    expect(t.screen.text()).toMatch(/ad-00000 +天猫精灵/);
    await t.press(keys.tab, keys.tab, keys.tab, '\u001b[Z');
    expect(t.store.get().prompt?.input.value).toBe('why-not u-00001 ad-00001 ');
    expect(t.screen.text()).toMatch(/▸ +ad-00001/);
    await t.press(keys.esc);
    expect(t.store.get().prompt?.input.value).toBe('why-not u-00001 音');
  });

  it('says under the line which argument the cursor is at, with its doc and its default', async () => {
    const t = await open();
    await t.press(':', 'why-not ');
    expect(t.screen.text()).toContain('why-not ›USER‹ ›AD‹  [options]');
    expect(t.screen.text()).toContain('Default: u-00001.');
    await t.press('u-00001 ad-1 --ef ');
    expect(t.screen.text()).toContain('why-not USER AD  ›--ef N‹');
    expect(t.screen.text()).toContain('Breadth of the HNSW search');
  });

  it('puts the caret under the word that is wrong, after wide characters too, with what was expected', async () => {
    const t = await open();
    await type(t, 'recall 智能 --mode modl');
    const lines = t.screen.lines();
    const row = lines.findIndex((line) => line.startsWith(':recall'));
    expect(lines[row + 1]?.trimEnd()).toBe(`${' '.repeat(':recall '.length + 4 + ' --mode '.length)}^~~~`);
    expect(lines.slice(row + 2, row + 5).map((l) => l.trim())).toEqual([
      '--mode cannot be "modl"',
      'expected: one of model, i2i, legacy, merged',
      'did you mean "model"?',
    ]);
  });

  it('finds earlier lines with ctrl-r, and keeps them for the next sitting', async () => {
    const state = mkdtempSync(join(dir, 's-'));
    const first = await open(120, 40, state);
    await type(first, 'inputs');
    await type(first, 'ad ad-00002');
    await stop();
    expect(readFileSync(join(state, 'recall-tui', 'history'), 'utf8')).toBe('inputs\nad ad-00002\n');
    const t = await open(120, 40, state);
    await t.press(':', '\u0012', 'inp');
    expect(t.screen.text()).toContain('an earlier line contains "inp": inputs');
    await t.press('zzz');
    expect(t.screen.text()).toContain('no earlier line contains');
    await t.press(keys.esc, keys.up, keys.up);
    expect(t.store.get().prompt?.input.value).toBe('inputs');
  });

  it('repeats with !!, !N and !word, and refuses what names no line', async () => {
    const t = await open();
    await type(t, 'ad ad-00002');
    await type(t, 'inputs');
    await type(t, '!!');
    await type(t, '!1');
    await type(t, '!inp');
    expect(t.store.get().transcript.map((e) => e.line)).toEqual([
      'ad ad-00002',
      'inputs',
      'inputs',
      'ad ad-00002',
      'inputs',
    ]);
    await type(t, '!nothing');
    expect(t.screen.text()).toContain('no earlier line for "!nothing"');
  });

  it('runs the lines of a paste in turn, and stops at the first that cannot be read, with its caret', async () => {
    const t = await open();
    await t.press(':', '\u001b[200~# a comment\nusers\n\n:why-not ad-00001\nnope\nusers\n\u001b[201~');
    expect(t.store.get().transcript.map((e) => e.line)).toEqual(['users', 'why-not ad-00001']);
    expect(t.store.get().prompt?.input.value).toBe('nope');
    expect(t.screen.text()).toContain('line 3 of 4: unknown command "nope"; 1 line not run');
  });

  it('stops a paste at the first line that fails, and Esc stops it', async () => {
    const t = await open();
    await t.press(':', '\u001b[200~census\nusers\n\u001b[201~');
    expect(t.screen.text()).toContain('line 1 of 2 failed: unknown command "census"; 1 line not run');
    expect(asked(t, 'census')).toHaveLength(1);
    t.host.hold = true;
    t.stdin.send(':');
    t.stdin.send('\u001b[200~events\nusers\n\u001b[201~');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await t.screen.settled();
    expect(t.screen.text()).toContain('line 1 of 2: events');
    await t.press(keys.esc);
    expect(t.store.get().queue).toBeNull();
    t.host.hold = false;
    t.host.release();
    await t.settle();
    expect(t.screen.text()).not.toContain('2 lines run');
  });

  it('keeps what was typed with its answers, scrolls it, and saves it as a script, never over a file unasked', async () => {
    const t = await open();
    await type(t, 'why-not ad-00002');
    await type(t, 'search-path ad-00001');
    await t.press(';');
    expect(t.screen.text()).toContain('transcript 2');
    expect(t.screen.text()).toContain(': search-path ad-00001');
    const file = join(dir, 'script.recall');
    await type(t, `save ${file}`);
    expect(readFileSync(file, 'utf8')).toMatch(
      /^# recall-tui exec[^\n]*\n# typed: why-not ad-00002\nwhy-not u-00001 ad-00002 /,
    );
    writeFileSync(file, 'mine');
    await type(t, `save ${file}`);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(t.screen.text()).toContain('already exists');
    await type(t, `save ${file} --force`);
    expect(readFileSync(file, 'utf8')).toContain('search-path u-00001 ad-00001');
  });
});

describe('the palette', () => {
  it('finds anything by name or key, shows what one needs, and runs it with Enter', async () => {
    const t = await open();
    await t.press('\u0010', 'undo');
    expect(t.screen.text()).toMatch(/▸ +u +undo .* · needs a change to undo/);
    await t.press(keys.enter);
    expect(t.screen.text()).toContain('! undo: needs a change to undo');
    await t.press('\u0015', '智能', '\u0015', 'side by');
    await t.press(keys.enter);
    expect(t.store.get().compare).toBe(true);
    await t.press('\u0010', 'doctor', keys.enter);
    expect(t.store.get().prompt?.input.value).toBe('doctor ');
  });
});

describe('the help', () => {
  it('is narrowed by what is typed, shows what a key needs, and shows all again with Esc', async () => {
    const t = await open();
    await t.press('?', 'undo');
    expect(t.screen.text()).toContain('Undo the last change of the query');
    expect(t.screen.text()).toContain('needs a change to undo');
    expect(t.screen.text()).not.toContain('Next pane');
    await t.press(keys.esc);
    expect(t.screen.text()).toContain('Next pane');
    await t.press(keys.esc);
    expect(t.store.get().help).toBeNull();
  });
});

describe('y and E', () => {
  it('copy by OSC 52 what stands under the cursor, never a control character', async () => {
    const t = await open();
    const written: string[] = [];
    const { write } = t.stdout;
    t.stdout.write = (text) => {
      written.push(text);
      return write.call(t.stdout, text);
    };
    const copied = async (key: string): Promise<string> => {
      written.length = 0;
      await t.press('y', key);
      return Buffer.from(/\u001b\]52;c;([^\u0007]*)\u0007/.exec(written.join(''))?.[1] ?? '', 'base64').toString(
        'utf8',
      );
    };
    expect(await copied('i')).toBe('ad-00000');
    await t.press('j', 'j', 'j', 'j', 'j', 'j');
    expect(await copied('r')).toMatch(/^7 {2}ad-00006 {2}evil \[2J title {2}txet 6/);
    const json = await copied('j');
    expect(json).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(json)).toMatchObject({ schema: 'recall-tui/recall@1', query: { userId: 'u-00001' } });
    expect(await copied('c')).toMatch(/^recall-tui -w \/w recall u-00001 --query '\{.*--json$/);
  });

  it("write the list as CSV, Markdown or JSON by the name's ending, and refuse to overwrite", async () => {
    const t = await open();
    const file = (name: string): string => join(dir, name);
    for (const name of ['a.csv', 'a.md', 'a.json']) await t.press('E', '\u0015', file(name), keys.enter);
    expect(readFileSync(file('a.csv'), 'utf8').split('\r\n').slice(0, 2).join('\n')).toMatch(
      /^rank,adId,ordinal,title,category,brand,price,score,.*\n1,ad-00000,0,天猫精灵 智能音箱 Pro 白色 0,/,
    );
    expect(readFileSync(file('a.md'), 'utf8')).toContain('| rank | adId | ordinal | title |');
    expect(JSON.parse(readFileSync(file('a.json'), 'utf8'))).toMatchObject({ schema: 'recall-tui/recall@1' });
    await t.press('E', '\u0015', file('a.csv'), keys.enter);
    expect(t.screen.text()).toContain('already exists');
    await t.press('E', '\u0015', file('a.txt'), keys.enter);
    expect(t.screen.text()).toContain('must end in .json, .csv or .md');
    expect(existsSync(file('a.txt'))).toBe(false);
  });
});
