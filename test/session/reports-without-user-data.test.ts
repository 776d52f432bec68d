import type { Result } from '../../src/answers/answers.ts';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ArgValues } from '../../src/console/command.ts';
import { exportFormats } from '../../src/commands/export/rows.ts';
import { exportText } from '../../src/commands/export/text.ts';
import { commands } from '../../src/commands/registry.ts';
import { crashReport } from '../../src/tui/crash-report.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { canaryWorld, contextOf, folder, recording, sessionWorkspace, textOf } from './support.ts';

let workspace: Workspace;
let session: string;
const dir = folder();

const run = async (id: string, args: ArgValues): Promise<Result> => {
  const command = commands.find((one) => one.id === id);
  if (command === undefined) throw new Error(id);
  return command.run(contextOf(workspace, { env: { GITHUB_ACTIONS: 'true', XDG_STATE_HOME: dir } }), args);
};

const exported = (result: Result): string =>
  exportFormats.map((format) => exportText(format, result, { ...result })).join('\n');

beforeAll(async () => {
  const world = canaryWorld();
  workspace = sessionWorkspace({ world });
  session = join(dir, 's.jsonl');
  const { recorder, ask } = await recording(workspace, session);
  for (const [i, { userId }] of world.users.slice(0, 4).entries()) {
    await ask('recall', { user: userId, mode: 'merged', search: ['CANARY text'], context: ['city=CANARY-city'] });
    recorder.expect({ kind: 'ids' });
    await ask('why-not', { user: userId, ad: world.ads[i]?.adId ?? '' });
    recorder.expect({ kind: 'verdict' });
  }
  recorder.close();
});

describe('a text to paste', () => {
  it('holds no canary of a session that fails: report, annotations, listing and their exports in every form, JUnit, and every file written', async () => {
    const broken = join(dir, 'broken.jsonl');
    writeFileSync(broken, textOf(session).replaceAll(/"k":\d+/g, '"k":2'));
    const junit = join(dir, 'junit.xml');
    const report = await run('replay', { session: [session, broken], junit });
    expect(report.exitCode).toBe(1);
    expect(report.annotations?.length).toBe(1);
    for (const result of [report, await run('sessions', { dir: [dir] }), await run('review', { session: broken })]) {
      expect(exported(result).length).toBeGreaterThan(200);
      expect(exported(result) + JSON.stringify(result)).not.toMatch(/CANARY/i);
    }
    const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .map((name) => join(dir, name))
      .filter((path) => statSync(path).isFile());
    expect(files).toContain(junit);
    for (const path of files) expect(readFileSync(path, 'utf8')).not.toMatch(/CANARY/i);
  });

  it('holds titles of a session played or branched on the screen, for they are the answer, and nothing else of a user; the branch written holds none', async () => {
    const out = join(dir, 'branch.jsonl');
    const junit = join(dir, 'branch.xml');
    const branched = await run('branch', { session, step: 1, k: 3, out });
    const played = await run('play', { session, step: 1 });
    for (const result of [played, branched]) {
      // The query is that of the screen, which is asked for; what is shown of the answer is its titles.
      const shown = JSON.stringify(result.data);
      expect(shown).toMatch(/CANARY-title/);
      expect(shown.replaceAll('CANARY-title', '')).not.toMatch(/CANARY/i);
    }
    await run('replay', { session: [out], junit });
    for (const path of [out, junit]) expect(readFileSync(path, 'utf8')).not.toMatch(/CANARY/i);
    const crash = crashReport(new Error(`in ${JSON.stringify(played.data)}`), played);
    expect(crash).not.toMatch(/CANARY/i);
  });

  it('holds titles where they were asked for: the export of a list has them as the list does', async () => {
    const result = await run('recall', { user: canaryWorld().users[1]?.userId ?? '' });
    for (const format of exportFormats) expect(exportText(format, result, { ...result })).toMatch(/CANARY-title/);
  });
});
