import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localHost } from '../support/local-host.ts';
import { smallWorkspace } from '../support/small-workspace.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const own = mkdtempSync(join(tmpdir(), 'recall-copied-'));

/** The copied line, run by a real shell. */
const shell = (line: string): string => {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--norc', '-c', `recall-tui() { '${process.execPath}' '${main}' "$@"; }\n${line}`],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: own, XDG_CACHE_HOME: own, XDG_CONFIG_HOME: own },
    },
  );
  expect(stderr.replace(/^note:.*\n/gm, '')).toBe('');
  expect(status).toBe(0);
  return stdout;
};

const answer = (text: string): unknown => {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) throw new Error(text);
  return Object.fromEntries(Object.entries(parsed).filter(([name]) => name !== 'timingsMs' && name !== 'workspace'));
};

const copies = (t: RunningTui): ((key: string) => Promise<string>) => {
  let written = '';
  const { write } = t.stdout;
  t.stdout.write = (text) => {
    written += text;
    return write.call(t.stdout, text);
  };
  return async (key) => {
    written = '';
    await t.press('y', key);
    return Buffer.from(/\u001b\]52;c;([^\u0007]*)\u0007/.exec(written)?.[1] ?? '', 'base64').toString('utf8');
  };
};

it('the copied command, run by a shell without the screen, gives the same answer as the screen shows', async () => {
  const { dir, tools } = await smallWorkspace();
  const t = await runTui(140, 40, { realHost: localHost(dir, tools) });
  await t.press(keys.enter);
  const copied = copies(t);
  const same = async (how: RegExp): Promise<void> => {
    const line = await copied('c');
    expect(line).toMatch(how);
    expect(answer(shell(line))).toEqual(answer(await copied('j')));
  };
  await same(/^recall-tui -w \S+ recall u-\S+ --at \d+ --mode merged --json$/);
  // A quota cannot be said by a flag: the query itself stands in the line.
  await t.press('w', 'l', 'l', keys.esc);
  await same(/--query '\{/);
  await t.press('u', 'u', ':', 'ads "Lamp 7"', keys.enter);
  await same(/^recall-tui -w \S+ ads 'Lamp 7' --json$/);
  await t.press('q');
  await t.exit;
});

it('a saved script, run by exec, gives the answers of the sitting, changes between its lines included', async () => {
  const { dir, tools } = await smallWorkspace();
  const t = await runTui(140, 40, { realHost: localHost(dir, tools) });
  await t.press(keys.enter);
  const file = join(own, 'sitting.recall');
  for (const line of ['recall -k 20', 'why-not ad-0590', 'events --limit 3']) await t.press(':', line, keys.enter);
  await t.press('w', 'l', 'l', keys.esc, ':', 'why-not ad-0591 --ef 300', keys.enter, ':', `save ${file}`, keys.enter);
  const { transcript } = t.store.get();
  writeFileSync(join(own, 'script.txt'), readFileSync(file));
  const lines = shell(`recall-tui -w '${dir}' exec '${file}'`)
    .trim()
    .split('\n')
    .map((line) => answer(line));
  expect(lines).toEqual(
    transcript.map((e) =>
      answer(JSON.stringify({ schema: `recall-tui/${e.result?.schema}@1`, query: e.result?.query, ...e.result?.data })),
    ),
  );
  await t.press('q');
  await t.exit;
});
