import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleText } from '../../src/commands/build/bundle.ts';
import type { Check } from '../../src/workspace/doctor/check.ts';
import { realCli } from '../support/real-cli.ts';
import { trainedWorkspace, type TrainedWorkspace } from '../support/trained-workspace.ts';
import { temporaryFolder } from '../support/vectors.ts';

let made: TrainedWorkspace;
beforeAll(async () => {
  made = await trainedWorkspace();
});

const copy = (): string => {
  const dir = join(temporaryFolder('doctor'), 'ws');
  cpSync(made.dir, dir, { recursive: true });
  return dir;
};

/** Exit code and checks of `doctor`. */
const examined = async (
  dir: string,
  ...more: string[]
): Promise<{ readonly code: number; readonly failed: readonly Check[] }> => {
  const { code, out } = await realCli(['doctor', dir, '--json', ...more], made.env);
  const checks: readonly Check[] = JSON.parse(out).checks;
  return { code, failed: checks.filter(({ ok }) => !ok) };
};

describe('doctor on presets, key and planted clicks', () => {
  it('passes where every command opens the workspace', async () => {
    expect(await examined(copy())).toEqual({ code: 0, failed: [] });
  });

  it.each([
    ['presets.json', '{"short": {"wieghts": {}}}', 'presets', /wieghts/],
    ['presets.json', '{"short": {"weights": {"nogroup": 2}}}', 'presets', /no feature group "nogroup"/],
    ['key.hex', 'not a key', 'key for sessions', /not a key/],
    ['planted.jsonl', '{"userId": 7}\n', 'planted clicks', /line 1 is not a planted click/],
  ])('fails on a faulty %s', async (file, text, name, found) => {
    const dir = copy();
    writeFileSync(join(dir, file), text);
    const { code, failed } = await examined(dir);
    expect(code).toBe(1);
    expect(failed.map((check) => check.name)).toEqual([name]);
    expect(failed[0]?.found).toMatch(found);
  });

  it('writes a bundle with the checks and without any id of a user', async () => {
    const dir = copy();
    const { out } = await realCli(['users', '-w', dir, '--json', '--limit', '3'], made.env);
    const [user = ''] = JSON.parse(out).users.map(({ userId }: { userId: string }) => userId);
    expect(user).not.toBe('');
    writeFileSync(join(dir, 'planted.jsonl'), `{"userId": "${user}"}\n`);
    const file = join(dir, 'bundle.json');
    await examined(dir, '--bundle', file);
    const text = readFileSync(file, 'utf8');
    const bundle: { format: string; checks: readonly Check[]; manifest: { name: string } } = JSON.parse(text);
    expect(bundle).toMatchObject({ format: 'recall-tui/bundle@1', versions: { node: process.version } });
    expect(bundle.checks.find(({ name }) => name === 'planted clicks')?.found).toContain('(user)');
    expect(text).not.toContain(user);
    expect(text).not.toContain(dir);
  });

  it('masks ids that hold spaces and marks, and hides nothing more without a home', async () => {
    const users = new Set(['Anna Meyer, Berlin', 'u=3', 'b@x.org']);
    const source = { dir: '/w', timingsMs: {}, isUser: (text: string) => users.has(text) };
    const expected = 'of Anna Meyer, Berlin and "b@x.org", u=3 and Anna in /w/x.';
    const before = process.env['HOME'];
    try {
      for (const home of ['/', '/home/x']) {
        process.env['HOME'] = home;
        const text = await bundleText({ ...source, checks: [{ name: 'n', ok: true, expected, found: '/home/x/f' }] });
        expect(JSON.parse(text).checks).toEqual([
          {
            name: 'n',
            ok: true,
            expected: 'of (user) and "(user)", (user) and Anna in ./x.',
            found: home === '/' ? '/home/x/f' : '~/f',
          },
        ]);
      }
    } finally {
      process.env['HOME'] = before;
    }
  });

  it('writes its bundle over no other file', async () => {
    const dir = copy();
    const manifest = readFileSync(join(dir, 'recall.json'), 'utf8');
    const { code, err } = await realCli(['doctor', dir, '--bundle', join(dir, 'recall.json')], made.env);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('is no bundle') });
    expect(readFileSync(join(dir, 'recall.json'), 'utf8')).toBe(manifest);
  });

  it.each([
    ['users', 'attributes'],
    ['ads', 'targeting'],
  ])('names a cell of %s.%s that no command can read', async (table, column) => {
    const dir = copy();
    const path = join(dir, 'sample.sqlite');
    const db = new Database(path);
    db.prepare(`UPDATE ${table} SET ${column} = 'x{' WHERE rowid = (SELECT max(rowid) FROM ${table})`).run();
    db.close();
    const { failed } = await examined(dir);
    expect(failed.map(({ name, found }) => ({ name, found }))).toContainEqual({
      name: 'cells of users and ads',
      found: expect.stringContaining(`${table}.${column}`),
    });
  });

  it('leaves out what failed checks found where the sample cannot be opened', async () => {
    const dir = copy();
    rmSync(join(dir, 'sample.sqlite'));
    const file = join(dir, 'bundle.json');
    expect((await examined(dir, '--bundle', file)).code).toBe(1);
    const { checks }: { checks: readonly Check[] } = JSON.parse(readFileSync(file, 'utf8'));
    const found = checks.filter(({ ok }) => !ok).map((check) => check.found);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found)).toEqual(new Set(['(left out: without the sample its ids cannot be told)']));
  });
});
