import { describe, expect, it } from 'vitest';
import type { ArgValues, Command } from '../../src/console/command.ts';
import { flagsFor } from '../../src/console/command-line.ts';
import { headlessLine, scriptLineOf } from '../../src/console/format-command.ts';
import { commands } from '../../src/commands/registry.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import { queryOf } from '../support/small-world.ts';

const base = queryOf('u-1');
const heavier: RecallQuery = { ...base, weights: { ...base.weights, search: 1.6 } };
const searched: RecallQuery = {
  ...base,
  extraEvents: [{ kind: 'search', at: base.asOf - 1, query: '智能 音箱' }],
};
const commandNamed = (id: string): Command => {
  const command = commands.find((c) => c.id === id);
  if (command === undefined) throw new Error(id);
  return command;
};
const line = (id: string, args: ArgValues, query: RecallQuery | null = null, carried = base): string =>
  scriptLineOf(commandNamed(id), args, query, query === null ? null : carried);

describe('the line that repeats a command', () => {
  it('sets places apart from options where one begins with a dash', () => {
    expect(line('recall', { user: '-5', k: 9 })).toBe('recall --k 9 -- -5');
    expect(line('recall', { user: 'u-1', k: 9 })).toBe('recall u-1 --k 9');
  });

  it('writes a value that begins with a dash into the word of its option', () => {
    expect(line('recall', { user: 'u-1', query: '-' })).toBe('recall u-1 --query=-');
    expect(line('recall', { user: 'u-1', search: ['-1 or less'] })).toBe('recall u-1 --search="-1 or less"');
  });

  it('names an argument whose place comes after one that is left out', () => {
    expect(line('why-not', { ad: 'ad-1' })).toBe('why-not --ad ad-1');
  });

  it('writes an as-of of early 1970 in ISO-8601, for its ms look like seconds', () => {
    const asOf = 100_000_000;
    expect(line('recall', { user: 'u-1', at: asOf })).toBe('recall u-1 --at 1970-01-02T03:46:40Z');
    expect(line('recall', { user: 'u-1' }, { ...base, asOf })).toBe('recall u-1 --at 1970-01-02T03:46:40Z');
    expect(line('recall', { user: 'u-1', at: base.asOf })).toBe(`recall u-1 --at ${base.asOf}`);
  });

  it('leaves out a value that is the default', () => {
    for (const command of commands)
      for (const { name, default: value } of command.args)
        if (value !== undefined)
          expect(line(command.id, { [name]: value }), `${command.id} --${name}`).not.toContain(`--${name}`);
  });

  it('carries the query by flags where they can set it, for the user of the query only', () => {
    expect(line('recall', { user: 'u-1' }, heavier)).toBe('recall u-1 --weight search=1.6');
    expect(line('recall', { user: 'u-2' }, heavier)).toContain('recall u-2 --query "{');
    expect(line('recall', { user: 'u-1', preset: 'night' }, heavier)).toContain('--query "{');
    expect(line('recall', { user: 'u-1' }, heavier, heavier)).toBe('recall u-1');
  });

  it('carries a hypothetical search by a flag only where as-of stays, which is the instant it belongs to', () => {
    expect(line('recall', { user: 'u-1' }, searched)).toBe('recall u-1 --search "智能 音箱"');
    expect(line('recall', { user: 'u-1', at: 5 }, searched)).toContain('--query "{');
  });

  it('adds nothing to a command that takes no query, or that has one', () => {
    expect(line('sessions', {}, heavier)).toBe('sessions');
    expect(line('recall', { user: 'u-1', query: 'q.json' }, heavier)).toBe('recall u-1 --query q.json');
  });

  it('repeats a setting for a shell unless all possible bases have it', () => {
    const shell = (bases: readonly RecallQuery[]): string =>
      headlessLine('/w o', commandNamed('recall'), { user: 'u-1' }, heavier, bases);
    expect(shell([heavier, base])).toBe("recall-tui -w '/w o' recall u-1 --weight search=1.6 --json");
    expect(shell([heavier, heavier])).toBe("recall-tui -w '/w o' recall u-1 --json");
    expect(headlessLine(null, commandNamed('recall'), { user: 'u-1' }, null, [])).toBe('recall-tui recall u-1 --json');
  });
});

describe('the flags from one query to another', () => {
  it('set each value that differs', () => {
    const query = { ...base, k: 9, ef: 10, asOf: 11, mode: 'merged' as const, eligibility: false };
    expect(flagsFor(query, [base])).toEqual([
      { option: '--at', value: '11' },
      { option: '-k', value: '9' },
      { option: '--ef', value: '10' },
      { option: '--mode', value: 'merged' },
      { option: '--no-eligibility' },
    ]);
    const out = { ...base, excludedEvents: ['e-1', 'e-2'], context: { promo: '618', device: 'app' } };
    expect(flagsFor(out, [{ ...base, excludedEvents: ['e-1'] }])).toEqual([
      { option: '--context', value: 'device=app' },
      { option: '--exclude', value: 'e-2' },
    ]);
  });

  it('do not exist where a value would have to be taken back, or has no flag', () => {
    const view = { kind: 'view', at: base.asOf - 1, adId: 'ad-1' };
    const impossible: ReadonlyArray<readonly [string, RecallQuery, RecallQuery]> = [
      ['rules', { ...base, rules: { ...base.rules, keywordQueries: 9 } }, base],
      ['merge', { ...base, merge: { ...base.merge, order: ['model'] } }, base],
      ['disabled', { ...base, disabled: ['keyword'] }, base],
      ['a view at as-of − 1', { ...base, extraEvents: [view] }, base],
      ['a search at another instant', { ...searched, asOf: base.asOf + 1 }, base],
      ['a hypothetical event less', base, searched],
      ['a knock-out less', base, { ...base, excludedEvents: ['e-1'] }],
      ['a knock-out of a hypothetical event', { ...base, excludedEvents: ['what-if:1'] }, base],
      ['a field of the context less', { ...base, context: {} }, base],
      ['eligibility again', base, { ...base, eligibility: false }],
    ];
    for (const [change, query, from] of impossible) expect(flagsFor(query, [from]), change).toBeNull();
    expect(flagsFor(base, [])).toBeNull();
  });
});
