import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { envWith, parseConfig, readConfig } from '../../../src/commands/help/config-file.ts';
import { localHost } from '../../support/local-host.ts';
import { smallWorkspace } from '../../support/small-workspace.ts';
import { runTui } from '../../support/tui.ts';

const main = join(import.meta.dirname, '..', '..', '..', 'dist', 'main.js');

const withFile = (content: string): string => {
  const home = mkdtempSync(join(tmpdir(), 'recall-config-'));
  mkdirSync(join(home, 'recall-tui'));
  writeFileSync(join(home, 'recall-tui', 'config.json'), content);
  return home;
};

const headless = (home: string, ...argv: string[]) =>
  spawnSync(process.execPath, [main, ...argv], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
  });

const queryOf = (stdout: string): unknown => {
  const answer: unknown = JSON.parse(stdout);
  return typeof answer === 'object' && answer !== null && 'query' in answer ? answer.query : null;
};

describe('the config file', () => {
  const refused = (text: string) => {
    try {
      parseConfig(text, '/c.json');
      return null;
    } catch (error) {
      return error;
    }
  };

  it('names file, field, what was expected and what was found where it cannot be', () => {
    expect(refused('{"k":0}')).toMatchObject({
      code: 'bad-input',
      message: 'the config /c.json cannot have this k',
      found: '0',
    });
    expect(refused('{"weights":{"search":9}}')).toMatchObject({
      message: 'the config /c.json cannot have this weights.search',
      found: '9',
    });
    expect(refused('{"mode":"modl"}')).toMatchObject({
      message: 'the config /c.json cannot have this mode',
      found: '"modl"',
      expected: expect.stringContaining('legacy'),
    });
    expect(refused('{')).toMatchObject({ message: 'the config /c.json is not JSON' });
    expect(refused('[]')).toMatchObject({ message: 'the config /c.json is not a config' });
  });

  it('refuses an unknown key, with the nearest known one', () => {
    expect(refused('{"color":"never","k":50}')).toMatchObject({
      message: 'the config /c.json cannot be read: color: unknown field, did you mean "colour"?',
      found: 'color',
    });
    expect(parseConfig('{"k":50}', '/c.json')).toEqual({ k: 50 });
  });

  it('is empty where there is none, and another file where RECALL_TUI_CONFIG names one', async () => {
    const home = withFile('{"k":7}');
    expect(await readConfig({ HOME: join(home, 'nobody') })).toMatchObject({ found: false, config: {} });
    expect(
      await readConfig({ XDG_CONFIG_HOME: '/nowhere', RECALL_TUI_CONFIG: join(home, 'recall-tui', 'config.json') }),
    ).toMatchObject({ found: true, config: { k: 7 } });
  });

  it('speaks for colour and ASCII only where the environment does not', () => {
    expect(envWith({ ascii: true, colour: 'never' }, {})).toEqual({ RECALL_TUI_ASCII: '1', NO_COLOR: '1' });
    expect(envWith({ ascii: true, colour: 'never' }, { RECALL_TUI_ASCII: '0', FORCE_COLOR: '1' })).toEqual({
      RECALL_TUI_ASCII: '0',
      FORCE_COLOR: '1',
    });
  });
});

describe('the config in use', () => {
  it('lies under the flags and over the workspace, headless; a bad one ends with exit 2, and config check says why', async () => {
    const { dir } = await smallWorkspace();
    const home = withFile('{"k":7,"ef":300,"mode":"legacy"}');
    const plain = headless(home, '-w', dir, 'recall', 'u-1', '--json');
    expect(plain.status).toBe(0);
    expect(queryOf(plain.stdout)).toMatchObject({ k: 7, ef: 300, mode: 'legacy' });
    expect(
      queryOf(headless(home, '-w', dir, 'recall', 'u-1', '-k', '9', '--mode', 'merged', '--json').stdout),
    ).toMatchObject({ k: 9, ef: 300, mode: 'merged' });
    const bad = withFile('{"k":"many"}');
    const refused = headless(bad, '-w', dir, 'recall', 'u-1', '--json');
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/cannot have this k[\s\S]*expected:[\s\S]*found: {4}"many"/);
    expect(headless(bad, 'config', 'check').status).toBe(2);
    expect(headless(home, 'config', 'locate').stdout.trim()).toBe(join(home, 'recall-tui', 'config.json'));
    expect(headless(home, 'config', 'check').status).toBe(0);
  });

  it('opens its user and its list on the screen, and reports an unknown user', async () => {
    const { dir, tools } = await smallWorkspace();
    const named = (content: string) => ({ RECALL_TUI_CONFIG: join(withFile(content), 'recall-tui', 'config.json') });
    const t = await runTui(120, 40, {
      realHost: localHost(dir, tools, named('{"startUser":"u-3","k":12,"mode":"legacy"}')),
    });
    expect(t.store.get()).toMatchObject({ userId: 'u-3', mode: 'legacy', query: { k: 12, mode: 'legacy' } });
    await t.press('q');
    await t.exit;
    const other = await runTui(120, 40, { realHost: localHost(dir, tools, named('{"startUser":"nobody"}')) });
    expect(other.screen.text()).toContain('small has no user nobody: the startUser of your config is ignored');
    await other.press('\u0003');
    await other.exit;
  });
});
