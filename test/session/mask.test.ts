import { beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../src/answers/answers.ts';
import { parseLine } from '../../src/console/parse.ts';
import { commands } from '../../src/commands/registry.ts';
import { createMask, type Mask } from '../../src/session/mask.ts';
import { recallCommandLine } from '../../src/console/command-line.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { canaryWorld, contextOf, sessionWorkspace, testVault } from './support.ts';

const world = canaryWorld();
const vault = testVault();
let workspace: Workspace;
let mask: Mask;

const [user = '', friend = ''] = world.users.map(({ userId }) => userId);
const ad = world.ads[7]?.adId ?? '';
const lines = [
  `recall ${user} --mode merged --search "CANARY 'text' 智能" --context city=CANARY-city`,
  `compare ${user} --modes legacy,model`,
  `compare ${user} --with ${friend}`,
  `explain ${user} ${ad}`,
  `explain ${user} -k 5`,
  `contrast ${user} ${ad} ${world.ads[8]?.adId ?? ''}`,
  `why-not ${user} ${world.ads[42]?.adId ?? ''} --mode merged --search CANARY-typed`,
  `counterfactual ${user} ${world.ads[42]?.adId ?? ''}`,
  `events ${user}`,
  `inputs ${user}`,
  'users --limit 5',
  `audience ${ad} --users 0 --workers 0`,
  `ad ${ad} --user ${user}`,
  `scrub ${user}`,
  `timeline ${user} ${ad}`,
];

const answer = async (line: string): Promise<Result> => {
  const outcome = parseLine(line, { commands, globals: [] });
  if (!outcome.ok || outcome.parsed.command === null) throw new Error(`${line}: ${JSON.stringify(outcome)}`);
  return outcome.parsed.command.run(contextOf(workspace), outcome.parsed.args);
};

/** Everything that is said but the catalogue's own words, which the world marks too. */
const saidIn = (value: unknown): string =>
  JSON.stringify(value, (key, item: unknown) =>
    ['title', 'titles', 'category', 'brand'].includes(key) ? undefined : item,
  ).replaceAll(/CANARY-(title|brand|category)/g, '');

beforeAll(() => {
  workspace = sessionWorkspace({ world });
  mask = createMask(vault, workspace.settings.calendar ?? []);
});

describe('a masked answer', () => {
  it.each(lines)('names no user, event or searched text: %s', async (line) => {
    const plain = await answer(line);
    expect(saidIn(plain)).toMatch(/CANARY/);
    const masked = mask.result(plain);
    expect(saidIn(masked).match(/.{0,60}CANARY.{0,40}/g)).toBeNull();
  });

  it('leaves the answer that it was made of as it is, and names a user as a session does', async () => {
    const plain = await answer(`recall ${user} --mode merged`);
    const before = JSON.stringify(plain);
    const masked = mask.result(plain);
    expect(JSON.stringify(plain)).toBe(before);
    expect(masked.query?.userId).toBe(vault.user(user));
  });

  it('clears a text that quotes a user or a search, in the forms of JSON and of a shell, with names made earlier too', () => {
    const query = {
      ...workspace.engine.defaultQuery({ ...workspace.manifest.defaults, rules: workspace.rules, asOf: null }, user),
      extraEvents: [{ kind: 'search', at: 5, query: `CANARY "it's"\u0007 灯` }],
    };
    mask.query(query);
    const note = {
      schema: 'note' as const,
      data: { note: `see ${user}.`, session: 's', command: recallCommandLine(workspace, query) },
    };
    expect(JSON.stringify(mask.result(note))).not.toMatch(/CANARY/);
    expect(JSON.stringify(mask.result(note))).toContain(`see ${vault.user(user)}.`);
  });

  it('hides what arguments quote by their type: users, events, text; settings and ads stay', () => {
    const specs = commands.find(({ id }) => id === 'compare')?.args ?? [];
    expect(mask.args({ user, modes: 'legacy,model', with: friend, k: 5 }, specs)).toEqual({
      user: vault.user(user),
      modes: 'legacy,model',
      with: vault.user(friend),
      k: 5,
    });
    const finder = commands.find(({ id }) => id === 'users')?.args ?? [];
    expect(mask.args({ match: 'CANARY' }, finder)['match']).toBe(`text:${vault.digest('CANARY')}`);
  });
});

describe('a line copied from a masked report', () => {
  it('gives the same answer: who has the key may use the name of a user for the user', async () => {
    const [named, plain] = [await answer(`recall ${vault.user(user)}`), await answer(`recall ${user}`)];
    expect(named.query).toEqual(plain.query);
    await expect(answer(`recall user:${'0'.repeat(32)}`)).rejects.toMatchObject({ code: 'unknown-user' });
  });
});
