import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readPlanted } from '../../../src/commands/start/planted.ts';
import type { PlantedRow } from '../../../src/commands/start/planted.ts';
import { defaultQuery } from '../../../src/console/query-defaults.ts';
import { runWhyNot } from '../../../src/commands/why/why-not.ts';
import type { RecallQuery } from '../../../src/domain/query.ts';
import { openWorkspace } from '../../../src/index.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { temporaryFolder } from '../../support/vectors.ts';

const bin = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
let workspace: Workspace;
let rows: readonly PlantedRow[] = [];
let folder = '';

beforeAll(async () => {
  workspace = await openWorkspace({ dir: 'demo', cwd: '/', env: process.env });
  rows = await readPlanted(workspace);
  folder = temporaryFolder('planted');
  writeFileSync(join(folder, 'recall-tui'), `#!/bin/sh\nexec ${process.execPath} ${bin} "$@"\n`, { mode: 0o755 });
});
afterAll(() => workspace.close());

const queryOf = ({ userId, asOf, query }: PlantedRow): RecallQuery => {
  const base = defaultQuery(workspace, userId);
  return { ...base, asOf, mode: query?.mode ?? base.mode, k: query?.k ?? base.k, ef: query?.ef ?? base.ef };
};

const answer = z.looseObject({ candidates: z.array(z.looseObject({ adId: z.string() })) });

/** The command line of a repair as a person pastes it into a shell; the ads of the list it gives. */
const shell = (line: string, dir: string): string =>
  execFileSync('/bin/sh', ['-c', line], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      RECALL_TUI_WORKSPACE: dir,
      XDG_CACHE_HOME: join(folder, 'cache'),
    },
  });
const listed = (json: string): string[] => answer.parse(JSON.parse(json)).candidates.map((one) => one.adId);

describe('the demo’s planted verdicts', () => {
  it("match each planted ad, and each repair's command line, run as a process, brings it in", async () => {
    const planted = rows.filter((row) => row.verdict !== undefined);
    const copy = join(folder, 'copy');
    for (const row of planted) {
      const { verdict, repair } = await runWhyNot(workspace, queryOf(row), row.adId, {});
      expect(verdict, `${row.userId} ${row.adId}`).toBe(row.verdict);
      if (repair === null) continue;
      if (repair.change.type === 'reindex') {
        cpSync(workspace.dir, copy, { recursive: true });
        shell(repair.command.replace(workspace.dir, copy), copy);
        const { asOf, k, ef } = repair.query;
        expect(listed(shell(`recall-tui recall ${row.userId} --at ${asOf} -k ${k} --ef ${ef} --json`, copy))).toContain(
          row.adId,
        );
      } else {
        expect(listed(shell(repair.command, workspace.dir)), repair.command).toContain(row.adId);
      }
    }
    expect(new Set(planted.map((row) => row.verdict))).toEqual(
      new Set([
        'recalled',
        'unknown-ad',
        'ineligible',
        'merged-out',
        'not-matched',
        'quota',
        'not-indexed',
        'stale-vector',
        'below-cutoff',
        'ann-missed',
        'unreachable',
      ]),
    );
  }, 300_000);
});
