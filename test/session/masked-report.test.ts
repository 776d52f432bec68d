import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ArgValues } from '../../src/console/command.ts';
import { reporterOf } from '../../src/cli/report.ts';
import { drawReport } from '../../src/views/report/draw-report.ts';
import { commands } from '../../src/commands/registry.ts';
import { canaryWorld, contextOf, folder, recording, sessionWorkspace } from './support.ts';

const world = canaryWorld();
const workspace = sessionWorkspace({ world });
const dir = folder();
const [user = '', friend = ''] = world.users.map(({ userId }) => userId);
const ad = world.ads[42]?.adId ?? '';
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const commandOf = (id: string): (typeof commands)[number] => {
  const command = commands.find((one) => one.id === id);
  if (command === undefined) throw new Error(id);
  return command;
};

/** The file that `--report` writes. */
const reported = async (id: string, args: ArgValues): Promise<string> => {
  const file = join(dir, `${id}.md`);
  const command = commandOf(id);
  const result = await command.run(contextOf(workspace), args);
  await reporterOf(command, args, { report: file }).write(result, workspace, contextOf(workspace).tools.files);
  return readFileSync(file, 'utf8');
};

/** The catalogue's own words, which the world marks too, are the answer. */
const ofUsers = (text: string): string => text.replaceAll(/CANARY-(title|brand|category)/g, '');

describe('a masked report of one answer', () => {
  it('is drawn with the users lost for a reason, and its command has the ad and the reason', async () => {
    const plain = await commandOf('funnel').run(contextOf(workspace), { ads: ad, workers: 0 });
    if (plain.schema !== 'funnel') throw new Error(plain.schema);
    const reason = plain.data.reasons.find((one) => one.reason !== 'recalled')?.reason ?? '';
    const text = await reported('funnel', { ads: ad, reason, limit: 3, workers: 0 });
    expect(text).toContain(`recall-tui funnel ${ad} --reason ${reason}`);
    expect(ofUsers(text)).not.toMatch(/CANARY/);
  });

  it('is drawn whatever was searched, be it a word of the program', async () => {
    const search = ['model', 'keyword', 'search', 'below-cutoff', 'CANARY'];
    const text = await reported('recall', { user, mode: 'merged', search });
    expect(text).toContain('--mode merged');
    expect(ofUsers(text)).not.toMatch(/CANARY|below-cutoff/);
  });
});

describe('a masked report of a session', () => {
  it('names no user of its title, of the notes or of an error', async () => {
    const session = join(dir, 's.jsonl');
    const { recorder, ask } = await recording(workspace, session);
    await ask('why-not', { user, ad });
    recorder.note(`${friend} lost it too`);
    recorder.close();
    const out = join(dir, 's.md');
    const title = `Why ${friend} and ${user} lost ${ad}`;
    const text = async (args: ArgValues): Promise<string> => {
      await commandOf('report').run(contextOf(workspace, { draw: drawReport }), { session, out, title, ...args });
      return readFileSync(out, 'utf8');
    };
    const [plain, masked] = [await text({ reveal: true }), await text({})];
    for (const said of [title, `${friend} lost it too`]) expect(plain).toContain(said);
    for (const said of [`lost ${ad}`, 'lost it too']) expect(masked).toContain(said);
    expect(ofUsers(masked)).not.toMatch(/CANARY/);
  });
});
