import { beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../src/answers/answers.ts';
import type { ArgSpec } from '../../src/answers/help.ts';
import type { ArgValues } from '../../src/console/command.ts';
import { queryArgs } from '../../src/console/query-specs.ts';
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

const specsOf = (id: string): readonly ArgSpec[] => [
  ...(commands.find((one) => one.id === id)?.args ?? []),
  ...(id === 'recall' ? queryArgs : []),
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

/** Arguments of free text that a masked report shows as they are: settings, and words and ids of the catalogue. */
const settings = `
ads.match blast.users compare.modes compare.users compare.without events.kind expect.value funnel.ads
funnel.reason funnel.users import.name init.map misses.users presets.save review.accept review.reject timeline.step
tune.efs tune.ks tune.save tune.users users.bought users.users users.viewed`;

describe('an argument of free text', () => {
  it('is personal by its record, or stands in the list of settings: a new one must be decided', () => {
    const texts = [
      ...commands.flatMap(({ id, args }) => args.map((spec) => ({ id, spec }))),
      ...queryArgs.map((spec) => ({ id: 'query', spec })),
    ]
      .filter(({ spec }) => ['string', 'pair'].includes(spec.type) && spec.personal === undefined)
      .map(({ id, spec }) => `${id}.${spec.name}`);
    expect(texts.sort()).toEqual(settings.trim().split(/\s+/).sort());
  });

  it.each([
    ['funnel', { ads: 'ad-05313', reason: 'below-cutoff', users: '30' }],
    ['funnel', { ads: 'category:音箱' }],
    ['tune', { efs: '100,150', ks: '20,50', save: 'evening', users: 'all' }],
    [
      'recall',
      { preset: 'evening', exclude: ['kind:view,since:2025-06-17'], view: ['ad-05313'], weight: ['search=1.6'] },
    ],
    ['ads', { match: '智能音箱' }],
  ])('stands as it is where it says a setting or an ad: %s %j', (id, values) => {
    expect(createMask(vault, []).args(values, specsOf(id))).toEqual(values);
  });

  it.each<[string, ArgValues]>([
    ['recall', { user, search: ['CANARY text'], friend: [friend], exclude: ['CANARY-e1'], context: ['city=CANARY'] }],
    ['users', { match: 'CANARY', searched: ['CANARY'], did: ['search:CANARY'], only: [user] }],
    ['bisect', { a: 'w1', b: 'w2', user }],
    [
      'compare',
      {
        a: JSON.stringify({ userId: user, excludedEvents: ['CANARY-1'], context: { city: 'CANARY' } }),
        b: JSON.stringify({
          extraEvents: [
            { kind: 'search', at: 1, query: 'CANARY' },
            { kind: 'friend', at: 1, peerId: friend },
          ],
        }),
      },
    ],
    ['recall', { query: '{"userId":"CANARY"' }],
    ['record', { file: `sessions/${user}.jsonl`, title: `why ${user}?` }],
    ['note', { text: ['lost', `for ${friend}, too`] }],
    ['unheard', { of: 'CANARY' }],
  ])('names users, events and searched text wherever a line has them: %s %j', (id, values) => {
    const isUser = (text: string): boolean => world.users.some(({ userId }) => userId === text);
    expect(JSON.stringify(values)).toMatch(/CANARY/);
    expect(JSON.stringify(createMask(vault, [], isUser).args(values, specsOf(id)))).not.toMatch(/CANARY/);
  });
});

describe('a text that quotes a search', () => {
  /** A sentence and a line to run, cleared of searches by this mask. */
  const said = (searches: readonly string[], note: string, command = ''): { note: string; command: string } => {
    const own = createMask(vault, []);
    own.args({ search: searches }, queryArgs);
    const data = { note, session: 's', command };
    const result = own.result({ schema: 'note', data });
    if (result.schema !== 'note') throw new Error(result.schema);
    return { note: result.data.note, command: String(Reflect.get(result.data, 'command')) };
  };
  const name = (text: string): string => `text:${vault.digest(text)}`;

  it.each([
    [['a', 'ef', 'tv', 'in', 'model', 'below', 'art'], 'a start below the model: chief tvs, 7 in'],
    [['箱', '音箱'], '智能音箱'],
  ])('is left whole where a search is short or a common word: %j in %s', (searches, sentence) => {
    const rest = sentence.split(/\b(?:tv|ef|art)\b/);
    expect(said(searches, sentence).note).toBe(rest.join(''));
  });

  it('is cleared of a short search that stands alone, and of any in quotes', () => {
    expect(said(['tv'], 'searched tv, twice').note).toBe(`searched ${name('tv')}, twice`);
    expect(said(['model'], 'nothing matches "model"').note).toBe(`nothing matches "${name('model')}"`);
    expect(said(['智能音箱'], '搜索智能音箱后').note).toBe(`搜索${name('智能音箱')}后`);
  });

  it('leaves a line to run as a line: commands, options and settings stand, the search is named', () => {
    const line = "recall-tui recall u-9 --mode model --weight search=0 --search model --search 'k' -k 5 --json";
    expect(said(['model', 'k', 'recall', 'search'], '', line).command).toBe(
      `recall-tui recall u-9 --mode model --weight search=0 --search ${name('model')} --search '${name('k')}' -k 5 --json`,
    );
  });

  it('leaves the names that a view looks up as the program gives them, whatever was searched', async () => {
    const plain = await answer(`recall ${user} --mode merged`);
    const own = createMask(vault, []);
    own.args({ search: ['model', 'keyword', 'quota', 'popular', 'ended', 'evidence', 'last-click'] }, queryArgs);
    const words = (result: Result): unknown =>
      result.schema === 'recall'
        ? [
            result.data.funnel,
            result.data.candidates.map(({ via, channels }) => [
              via,
              channels.map((one) => [one.channel, one.evidence.type]),
            ]),
          ]
        : null;
    expect(words(own.result(plain))).toEqual(words(plain));
  });

  it('names a user with a number for an id in a line, and leaves the numbers of settings', () => {
    const own = createMask(vault, []);
    own.args({ user: '5' }, specsOf('recall'));
    const data = {
      note: '5 of 5 users, user "5"',
      session: 's',
      command: 'recall-tui recall 5 -k 5 --query \'{"userId":"5","k":5}\'',
    };
    expect(own.result({ schema: 'note', data }).data).toMatchObject({
      note: `5 of 5 users, user "${vault.user('5')}"`,
      command: `recall-tui recall ${vault.user('5')} -k 5 --query '{"userId":"${vault.user('5')}","k":5}'`,
    });
  });
});

describe('a sentence of a person', () => {
  it('names a user of the sample whom nothing else has named, and searches named before; other words stand', () => {
    const own = createMask(vault, [], (text) => text === 'u-speaker' || text === 'u.b@c');
    own.args({ search: ['降噪耳机'] }, queryArgs);
    expect(own.text('Why u-speaker (and u.b@c) lost ad-05313 after 降噪耳机; see u-9')).toBe(
      `Why ${vault.user('u-speaker')} (and ${vault.user('u.b@c')}) lost ad-05313 after text:${vault.digest('降噪耳机')}; see u-9`,
    );
  });
});

describe('a line copied from a masked report', () => {
  it('gives the same answer: who has the key may use the name of a user for the user', async () => {
    const [named, plain] = [await answer(`recall ${vault.user(user)}`), await answer(`recall ${user}`)];
    expect(named.query).toEqual(plain.query);
    await expect(answer(`recall user:${'0'.repeat(32)}`)).rejects.toMatchObject({ code: 'unknown-user' });
  });
});
