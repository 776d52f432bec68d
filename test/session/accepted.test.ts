import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = readdirSync(join(root, 'sessions'))
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => join(root, 'sessions', name));
const run = promisify(execFile);

const shape = z.looseObject({
  failed: z.number(),
  unusable: z.number(),
  passed: z.number(),
  sessions: z.array(z.looseObject({ file: z.string(), first: z.unknown() })),
});

const replayAll = async (env: Readonly<Record<string, string>>): Promise<z.infer<typeof shape>> => {
  const ran = await run(process.execPath, [join(root, 'dist', 'main.js'), '-w', 'demo', 'replay', ...files, '--json'], {
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  }).catch((error: { stdout?: string; stderr?: string }) => {
    if (error.stdout === undefined || error.stdout === '') throw error;
    return { stdout: error.stdout };
  });
  return shape.parse(JSON.parse(ran.stdout));
};

describe.skipIf(!existsSync(join(root, 'fixtures', 'demo', 'model', 'model.json')))('the accepted sessions', () => {
  it('cover every named case of the demo and every planted verdict', () => {
    const names = files.map((file) => file.slice(file.lastIndexOf('/') + 1, -'.jsonl'.length));
    for (const name of [
      'smart-speaker',
      'electronics-vs-household',
      'promotion-night',
      'friends',
      'rising-category',
      'cold-ad',
    ])
      expect(names).toContain(name);
    const planted = readFileSync(join(root, 'fixtures', 'planted.jsonl'), 'utf8').matchAll(/"verdict":"([a-z-]+)"/g);
    for (const [, verdict = ''] of planted) expect(names).toContain(`why-not-${verdict}`);
  });

  it('replay on the demo without a regression, whatever locale, time zone and terminal', async () => {
    const environments: ReadonlyArray<Readonly<Record<string, string>>> = [
      {},
      { TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', COLUMNS: '40', TERM: 'dumb' },
    ];
    for (const env of environments) {
      const report = await replayAll(env);
      expect(report.sessions.filter(({ first }) => first !== null)).toEqual([]);
      expect([report.failed, report.unusable]).toEqual([0, 0]);
      expect(report.passed).toBeGreaterThan(20);
    }
  }, 180_000);
});
