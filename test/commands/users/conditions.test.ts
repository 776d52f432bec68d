import { describe, expect, it } from 'vitest';
import { usersCommand } from '../../../src/commands/look/users.ts';
import { defaultQuery } from '../../../src/console/query-defaults.ts';
import { fakeContext, fakeWorkspace } from '../fake-workspace.ts';
import { makeWorld } from '../../support/memory-world.ts';
import fc from 'fast-check';
import { parseUserQuestion, userFields } from '../../../src/domain/filter/users.ts';

describe('the finder’s line', () => {
  it('holds conditions that must all be met, and text of id or attribute', () => {
    expect(
      parseUserQuestion(
        'bought:"扫地 机器人" tier-1 searched:智能家居 viewed：a viewed:b did:cart:耳机 after:2025-06-01 is:bookmarked',
      ),
    ).toEqual({
      ok: true,
      bookmarked: true,
      args: {
        bought: ['扫地 机器人'],
        searched: ['智能家居'],
        viewed: ['a', 'b'],
        did: ['cart:耳机'],
        after: Date.UTC(2025, 5, 1),
        match: 'tier-1',
      },
    });
  });

  it('names what a condition needs and an unknown one, and takes what is quoted as text', () => {
    expect(parseUserQuestion('bought:')).toMatchObject({
      ok: false,
      message: expect.stringContaining('bought:"扫地机器人"'),
    });
    expect(parseUserQuestion('after:soon')).toMatchObject({
      ok: false,
      message: expect.stringContaining('2025-06-01'),
    });
    expect(parseUserQuestion('is:new')).toMatchObject({ ok: false });
    expect(parseUserQuestion('before:1750204800')).toMatchObject({
      ok: false,
      message: expect.stringContaining('looks like seconds'),
    });
    expect(parseUserQuestion('after:"2025-06-01 08:00+08"')).toMatchObject({ args: { after: Date.UTC(2025, 5, 1) } });
    expect(parseUserQuestion('bouhgt:耳机')).toMatchObject({
      ok: false,
      message: expect.stringContaining('did you mean "bought:"?'),
    });
    expect(parseUserQuestion('"bouhgt:耳机" "city tier-1" f')).toMatchObject({
      args: { match: '"bouhgt:耳机" "city tier-1" f' },
    });
    for (const line of ['foo:bar', 'tier-1 FOO:bar', 'city:tier-1', '!bought:x'])
      expect(parseUserQuestion(line)).toMatchObject({ ok: false, message: expect.stringContaining('no field "') });
    expect(parseUserQuestion('foo:bar')).toMatchObject({
      message: expect.stringMatching(/bought: viewed: searched:.*in quotes: "foo:bar"/),
    });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        parseUserQuestion(line);
      }),
    );
  });

  it('reads every example of its table', () => {
    for (const example of userFields.flatMap(({ examples }) => examples))
      expect([example, parseUserQuestion(example)]).toEqual([example, expect.objectContaining({ ok: true })]);
    expect(parseUserQuestion('by:disagreement')).toMatchObject({ args: { disagreement: true } });
  });
});

describe('the users command', () => {
  const world = makeWorld({ seed: 3, users: 12, ads: 40, eventsPerUser: 20 });
  const { asOf } = fakeWorkspace({ world }).manifest;
  const seen = world.events.filter((e) => asOf === null || e.at < asOf);
  const run = async (args: Parameters<typeof usersCommand.run>[1]): Promise<string[]> => {
    const { data } = await usersCommand.run(fakeContext(fakeWorkspace({ world })), args);
    const users: unknown = data['users'];
    return Array.isArray(users) ? users.map((u) => String(u.userId)).sort() : [];
  };

  it('finds the users with the events asked for before as-of, as a walk over the events does', async () => {
    const kinds = [...new Set(seen.filter((e) => e.adId !== null).map((e) => e.kind))];
    const queries = [...new Set(seen.flatMap((e) => e.query ?? []))];
    expect(kinds.length).toBeGreaterThan(1);
    for (const kind of kinds) {
      const naive = new Set(seen.filter((e) => e.kind === kind && e.adId !== null).map((e) => e.userId));
      expect(await run({ did: [kind] })).toEqual([...naive].sort());
    }
    for (const query of queries.slice(0, 5)) {
      const did = (userId: string): boolean =>
        seen.some((e) => e.userId === userId && e.kind === 'search' && e.query?.includes(query) === true);
      expect(await run({ searched: [query] })).toEqual(
        world.users
          .map((u) => u.userId)
          .filter(did)
          .sort(),
      );
    }
  });

  it('counts no event at or after as-of: the workspace’s, or the one the query was moved to', async () => {
    const workspace = fakeWorkspace({ world });
    const plain = defaultQuery(workspace, 'u1');
    const times = world.events.map((e) => e.at).sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] ?? 0;
    for (const [baseQuery, before] of [
      [null, asOf],
      [plain, asOf],
      [{ ...plain, asOf: median }, median],
    ] as const) {
      const { data } = await usersCommand.run({ ...fakeContext(workspace), baseQuery }, {});
      expect(data.asOf).toBe(before);
      for (const { userId, events, lastAt } of data.users) {
        const own = world.events.filter((e) => e.userId === userId && (before === null || e.at < before));
        expect([userId, events, lastAt]).toEqual([
          userId,
          own.length,
          own.length === 0 ? null : Math.max(...own.map((e) => e.at)),
        ]);
      }
    }
  });

  it('finds the users of whom each word is in the id or in an attribute as it is shown', async () => {
    const [first] = world.users;
    const [attribute] = Object.entries(first?.attributes ?? {});
    expect(attribute).toBeDefined();
    const [name = '', value = ''] = attribute ?? [];
    const those = world.users.filter((u) => u.attributes[name] === value).map((u) => u.userId);
    expect(await run({ match: `"${name} ${value}"` })).toEqual([...those].sort());
    expect(await run({ match: `${value.toUpperCase()} ${first?.userId} ${name}` })).toContain(first?.userId);
    expect(await run({ match: `${first?.userId} nosuchword` })).toEqual([]);
  });

  it('leaves only the ids given, and exits 1 where no user matches', async () => {
    expect(await run({ only: ['u1', 'u3', 'nobody'] })).toEqual(['u1', 'u3']);
    const nobody = await usersCommand.run(fakeContext(fakeWorkspace({ world })), { bought: ['没有这样的东西'] });
    expect(nobody.exitCode).toBe(1);
  });
});
