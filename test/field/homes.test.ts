import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cachePlace } from '../../src/adapters/files/cache-place.ts';
import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import { ownFolder } from '../../src/base/homes.ts';
import { configPath } from '../../src/commands/help/config-path.ts';
import { readConfig } from '../../src/commands/help/config-file.ts';
import { uiPath } from '../../src/commands/users/ui-file.ts';
import { lostSessions, pruneAutosaves, stateFolder } from '../../src/session/state-dir.ts';
import { createFiles, historyPath } from '../../src/tui/files.ts';
import { realCli } from '../support/real-cli.ts';
import { smallWorkspace } from '../support/small-workspace.ts';

/** fuzz-home-of-another: a home that is none, or somebody else's, stopped commands or put caches into the folder. */
const root = mkdtempSync(join(tmpdir(), 'recall-homes-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const file = join(root, 'file');
writeFileSync(file, '');

describe('the folders of a person', () => {
  it.each([
    ['HOME is empty', { HOME: '' }],
    ['HOME is relative', { HOME: 'here' }],
    ['nothing is set', {}],
    ['the XDG folders are relative', { XDG_CACHE_HOME: 'c', XDG_STATE_HOME: './s', XDG_CONFIG_HOME: 'x' }],
  ])('lie nowhere where %s, and the caches are kept in the temporary folder', async (_, env) => {
    const before = readdirSync('.');
    for (const kind of ['cache', 'config', 'state'] as const) expect(ownFolder(kind, env)).toBeNull();
    expect([configPath(env), uiPath(env), historyPath(env), stateFolder(env)]).toEqual([null, null, null, null]);
    const { dir, notice } = cachePlace(env);
    expect(dir.startsWith(join(tmpdir(), 'recall-tui-'))).toBe(true);
    expect(notice).toMatch(/^HOME names no folder: hashes.* are kept in \//);
    expect(await lostSessions(env, fileLocks)).toEqual([]);
    await pruneAutosaves(env, fileLocks);
    const files = createFiles(env);
    files.remember('a line');
    await files.settled();
    const answer = await new Promise((resolve) => {
      files.run(1, { do: 'write', path: '~/rows.csv', text: 'x', replace: false }, resolve);
    });
    expect(answer).toMatchObject({ type: 'failed', error: { message: expect.stringContaining('HOME is not set') } });
    expect(readdirSync('.')).toEqual(before);
  });

  it('lie below HOME by default; an absolute XDG folder wins over it, a relative one does not', () => {
    expect(ownFolder('state', { HOME: '/h' })).toBe('/h/.local/state/recall-tui');
    expect(ownFolder('cache', { HOME: '/h', XDG_CACHE_HOME: '/c' })).toBe('/c/recall-tui');
    expect(ownFolder('cache', { HOME: '/h', XDG_CACHE_HOME: 'c' })).toBe('/h/.cache/recall-tui');
  });
});

describe('the cache', () => {
  it('goes to the temporary folder where a file stands in its place, and says so', () => {
    expect(cachePlace({ XDG_CACHE_HOME: file }).notice).toMatch(/cannot be written \(a file where a folder/);
    expect(cachePlace({ HOME: join(file, 'home') }).notice).toMatch(/cannot be written \(a file where a folder/);
    expect(cachePlace({ HOME: join(root, 'not', 'yet', 'made') })).toEqual({
      dir: join(root, 'not', 'yet', 'made', '.cache', 'recall-tui'),
      notice: null,
    });
  });

  it('never goes to a folder that another has put into the temporary folder', () => {
    const before = process.env['TMPDIR'];
    const place = join(root, `recall-tui-${process.getuid?.() ?? 0}`);
    try {
      process.env['TMPDIR'] = root;
      mkdirSync(place);
      chmodSync(place, 0o777);
      expect(cachePlace({}).dir).not.toBe(place);
      rmSync(place, { recursive: true });
      symlinkSync(mkdtempSync(join(root, 'elsewhere-')), place);
      expect(cachePlace({}).dir).not.toBe(place);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });
});

describe('a process without any folder that it may write', () => {
  it('says so, with what to set', () => {
    const before = process.env['TMPDIR'];
    try {
      process.env['TMPDIR'] = join(file, 'none');
      expect(() => cachePlace({})).toThrow(/no folder can be written for the caches/);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });
});

describe('a command in the home of another', () => {
  it('works without config and cache, with a line for each', async () => {
    const { dir } = await smallWorkspace();
    const { code, err } = await realCli(['-w', dir, 'users', '--limit', '1'], { HOME: file });
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('your own defaults are not used') });
    expect(err).toMatch(/note: .*the cache folder .* cannot be written/);
    const checked = await realCli(['config', 'check', '--json'], { HOME: file });
    expect(JSON.parse(checked.out).warnings).toEqual([expect.stringContaining('cannot be reached')]);
    await expect(readConfig({ RECALL_TUI_CONFIG: join(file, 'c.json') })).rejects.toThrow(/cannot be read/);
  });
});
