import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usersCommand } from '../../../src/commands/look/users.ts';
import { finderExamples } from '../../../src/commands/users/examples.ts';
import { parseUserQuestion } from '../../../src/domain/filter/users.ts';
import { openWorkspace } from '../../../src/index.ts';
import { localHost } from '../../support/local-host.ts';
import { makeWorld } from '../../support/memory-world.ts';
import { openDemo, testTools } from '../../support/demo.ts';
import { withTeam } from '../../support/team-folder.ts';
import { keys, runTui } from '../../support/tui.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { fakeContext, fakeWorkspace } from '../fake-workspace.ts';

/** How many users a finder's line shows of a workspace. */
const usersOf = async (workspace: Workspace, line: string): Promise<number> => {
  const asked = parseUserQuestion(line);
  if (!asked.ok) throw new Error(`${line}: ${asked.message}`);
  const args = { ...asked.args, limit: 200, workers: 0, users: '20' };
  return (await usersCommand.run(fakeContext(workspace), args)).data.users.length;
};

const expectMatches = async (workspace: Workspace, examples: readonly string[]): Promise<void> => {
  const last = examples.at(-1) ?? '';
  for (const example of examples)
    for (const line of [example, ...(last.startsWith('after:') ? [`${example} ${last}`] : [])])
      expect([line, await usersOf(workspace, line)]).toEqual([line, expect.toSatisfy((found: number) => found > 0)]);
};

describe('the examples of the finder’s line', () => {
  let demo: Workspace;
  beforeAll(async () => {
    demo = await openDemo();
  }, 120_000);
  afterAll(() => demo.close());

  it('match somebody of the demo, one for each condition', async () => {
    const examples = finderExamples(demo);
    expect(examples.map((one) => /^[a-z]+(?=:)/.exec(one)?.[0])).toEqual([
      ...[undefined, 'bought', 'viewed', 'searched', 'did', 'after'],
    ]);
    await expectMatches(demo, examples);
  });

  it('match somebody of a mapped sample, whose behaviours have other names', () =>
    withTeam(async (dir, cli) => {
      expect((await cli('init', dir, '--yes')).code).toBe(0);
      const team = await openWorkspace({ dir, cwd: dir, env: {} });
      const examples = finderExamples(team);
      expect(examples.length).toBeGreaterThan(2);
      await expectMatches(team, [...examples, 'by:disagreement']);
      await team.close();
    }));

  it('hold no word that would have to be escaped or that the sample folds otherwise', async () => {
    const world = makeWorld({ seed: 5, users: 6, ads: 40, eventsPerUser: 20 });
    const odd = ['Éclair', 'ＡＢ', 'a:b', '"x"', 'x\u001b[2J', 'ﬁne'];
    const strange = {
      ...world,
      ads: world.ads.map((ad, i) => ({
        ...ad,
        title: odd[i % odd.length] ?? '',
        category: odd[(i + 1) % odd.length] ?? '',
      })),
    };
    const workspace = fakeWorkspace({ world: strange });
    const examples = finderExamples(workspace);
    expect(examples.filter((one) => /^(bought|viewed|did)/.test(one))).toEqual([]);
    await expectMatches(workspace, examples);
  });

  it('stand under the line on the screen, each of them with its users, and is:bookmarked once somebody is', async () => {
    const tui = await runTui(160, 40, { realHost: localHost(demo.dir, testTools) });
    const { examples = [] } = tui.store.get().workspace ?? {};
    expect(examples.length).toBeGreaterThan(2);
    const hint = tui.screen.lines().find((line) => line.includes('by:disagreement')) ?? '';
    expect(hint.trim()).toBe(`e.g. ${[...examples, 'by:disagreement'].join(' · ')}`);
    await tui.press(keys.enter, 'B', 'f');
    expect(tui.screen.text()).toContain('is:bookmarked');
    tui.stdin.emit('end');
    await tui.exit;
  });
});
