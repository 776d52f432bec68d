import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArgValues, Command } from '../../src/console/command.ts';
import type { ArgSpec } from '../../src/answers/help.ts';
import {
  applyCandidate,
  asksAt,
  candidatesAt,
  commonStart,
  type Candidate,
  type Vocabulary,
} from '../../src/console/complete.ts';
import { placeAt } from '../../src/console/complete-place.ts';
import { parseLine } from '../../src/console/parse.ts';
import { parseTyped, relaxedTable } from '../../src/console/prompt-grammar.ts';
import { commands } from '../../src/commands/registry.ts';
import { scriptLineOf } from '../../src/console/format-command.ts';
import { scriptLines } from '../../src/console/script-lines.ts';
import { argsOf } from '../../src/console/usage.ts';
import { queryOf } from '../support/small-world.ts';

const known: Vocabulary = {
  commands,
  groups: ['browse', 'search'],
  times: [{ value: '2025-06-17T21:04:00Z', note: 'view' }],
  events: [{ value: 'e-81', note: 'view' }],
  context: { promo: ['618', '11.11'] },
  answers: ({ what, match }) =>
    ({
      users: [{ value: 'u-speaker', note: '' }],
      ads: [{ value: 'ad-1', note: `智能 ${match}` }],
      presets: [{ value: 'night', note: '' }],
      files: [{ value: 'a b.jsonl', note: '' }],
    })[what],
};
const at = (line: string, open = false) =>
  placeAt(line, line.length, open ? [commands, relaxedTable(commands)] : [commands]);
const offered = (line: string, open = false): string[] => candidatesAt(at(line, open), known).map((c) => c.value);

describe('completion', () => {
  it('offers what the argument at the cursor is, by its type', () => {
    expect(offered('why')).toEqual(['why-not']);
    expect(offered('recall ')).toEqual(['u-speaker']);
    expect(offered('recall u --mo')).toEqual(['--mode']);
    expect(offered('recall u --mode m')).toEqual(['model', 'merged']);
    expect(offered('recall u --mode=leg')).toEqual(['legacy']);
    expect(offered('recall u --weight ')).toEqual(['browse=', 'search=']);
    expect(offered('recall u --weight search=1')).toEqual(['search=1', 'search=1.5']);
    expect(offered('recall u --context promo=')).toEqual(['promo=618', 'promo=11.11']);
    expect(offered('recall u --at 2025')).toEqual(['2025-06-17T21:04:00Z']);
    expect(offered('recall u --preset ')).toEqual(['night']);
    expect(offered('recall u --exclude e')).toEqual(['e-81']);
    expect(offered('recall u --exclude kin')).toEqual(['kind:']);
    expect(offered('counterfactual u ad --by ')).toEqual(['weights', 'events']);
    expect(offered('exec ')).toEqual(['a b.jsonl']);
    expect(offered('why-not u 智')).toEqual(['ad-1']);
    expect(offered('why-not ', true)).toEqual(['u-speaker', 'ad-1']);
  });

  it('does not offer an option that is given already, and asks the data only for what it needs', () => {
    expect(offered('recall u --mode model --m')).toEqual([]);
    expect(asksAt(at('why-not u-1 音箱'))).toEqual([{ what: 'ads', match: '音箱' }]);
    expect(asksAt(at('exec scripts/x'))).toEqual([{ what: 'files', match: 'scripts/' }]);
    expect(asksAt(at('recall u --mode m'))).toEqual([]);
  });

  it('offers names by their note where none begins with the word', () => {
    const noted = commands.filter((c) => c.title.toLowerCase().includes('feature')).map((c) => c.id);
    expect(noted.length).toBeGreaterThan(0);
    expect(offered('feature')).toEqual(noted);
    expect(offered('recall u --exclude view')).toEqual(['e-81']);
  });

  it('offers an option again where it may be repeated, and an argument that takes all further words', () => {
    expect(offered('recall u --weight search=2 --wei')).toEqual(['--weight']);
    expect(offered('replay a.jsonl b.jsonl ')).toEqual(['a b.jsonl']);
  });

  it('takes the word after --name=value for the next argument', () => {
    expect(offered('counterfactual --by=events u')).toEqual(['u-speaker']);
  });

  it('writes no second blank before the rest of the line', () => {
    const place = placeAt('reca u-1', 4, [commands]);
    expect(applyCandidate('reca u-1', place, { value: 'recall', note: '' })).toEqual({
      value: 'recall u-1',
      cursor: 6,
    });
    expect(applyCandidate('reca', placeAt('reca', 4, [commands]), { value: 'recall', note: '' }).value).toBe('recall ');
    expect(applyCandidate('x', placeAt('x', 1, [commands]), { value: 'search=', note: '', open: true }).value).toBe(
      'search=',
    );
  });

  it('puts a word into the line so that it reads back as that word', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((s) => !s.startsWith('-')),
        (value) => {
          const { value: line } = applyCandidate('exec ', at('exec '), { value, note: '' });
          expect(parseLine(line, { commands, globals: [] })).toMatchObject({
            ok: true,
            parsed: { args: { file: value } },
          });
        },
      ),
    );
  });

  it('never throws, and the cursor stands at the end of what it put there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(30), (line, cut) => {
        const place = placeAt(line, Math.min(cut, line.length), [commands, relaxedTable(commands)]);
        for (const c of candidatesAt(place, known)) {
          const { value, cursor } = applyCandidate(line, place, c);
          expect(cursor).toBeLessThanOrEqual(value.length);
        }
      }),
    );
  });

  it('goes as far as all candidates agree', () => {
    const named = (...values: string[]): Candidate[] => values.map((value) => ({ value, note: '' }));
    expect(commonStart(named('search-path', 'search-x'), 'se')).toBe('search-');
    expect(commonStart(named('recall', 'record'), 'rec')).toBe('rec');
    expect(commonStart([], 'x')).toBe('x');
  });
});

const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((s) => s.trim() !== '');
const valueOf = (spec: ArgSpec): fc.Arbitrary<ArgValues[string]> => {
  const one = ((): fc.Arbitrary<string | number | boolean> => {
    switch (spec.type) {
      case 'flag':
        return fc.constant(true);
      case 'int':
        return fc.integer({ min: -1000, max: 1000 });
      case 'number':
        return fc.integer({ min: -9, max: 9 });
      case 'time':
        return fc.integer({ min: 0, max: 2e12 });
      case 'mode':
      case 'choice':
        return fc.constantFrom(...(spec.choices ?? ['model']));
      case 'channel':
        return fc.constant('i2i');
      case 'weight':
        return fc.constantFrom('search=1.6', 'browse=0');
      case 'pair':
        return word.map((w) => `promo=${w}`);
      default:
        return word;
    }
  })();
  return spec.repeat === true ? fc.array(one.map(String), { minLength: 1, maxLength: 2 }) : one;
};

const asked = fc.constantFrom(...commands.filter((c) => c.id !== 'exec')).chain((command: Command) =>
  fc
    .record(Object.fromEntries(argsOf(command).map((a) => [a.name, valueOf(a)])), {
      requiredKeys: argsOf(command)
        .filter((a) => a.required === true)
        .map((a) => a.name),
    })
    .map((args) => ({
      command,
      args: {
        ...Object.fromEntries(command.args.flatMap((a) => (a.default === undefined ? [] : [[a.name, a.default]]))),
        ...args,
      },
    })),
);

const read = (line: string, adId: string | null) => {
  const outcome = parseTyped(line, commands, { userId: 'u-1', adId });
  if (!outcome.ok) throw new Error(`${line}: ${outcome.issue.message}`);
  return { id: outcome.parsed.command?.id, args: outcome.parsed.args };
};

describe('the language of prompt and exec', () => {
  it('is one: the line written for any command and arguments reads back as the same, with a selection and without', () => {
    fc.assert(
      fc.property(asked, ({ command, args }) => {
        const line = scriptLineOf(command, args, null, null);
        const plain = parseLine(line, { commands, globals: [] });
        if (!plain.ok) throw new Error(`${line}: ${plain.issue.message} ${plain.issue.expected ?? ''}`);
        expect(plain.parsed.args).toEqual(args);
        // The user that is open stands in where the line names none, at the prompt and in a script alike.
        expect(read(line, 'ad-9')).toEqual(read(line, null));
      }),
      { numRuns: 400 },
    );
  });

  it('takes a line without its user from the query before, in both', () => {
    expect(read('why-not ad-7', null)).toEqual({
      id: 'why-not',
      args: expect.objectContaining({ user: 'u-1', ad: 'ad-7' }),
    });
    expect(parseTyped('why-not', commands, { userId: 'u-1', adId: null })).toMatchObject({ ok: false });
    expect(read('why-not', 'ad-3').args).toMatchObject({ user: 'u-1', ad: 'ad-3' });
    expect(parseTyped('why-not ad-7', commands, { userId: null, adId: null })).toMatchObject({ ok: false });
  });

  it('says the settings a line was asked with, and only where they are not carried over', () => {
    const command = commands.find((c) => c.id === 'explain');
    if (command === undefined) throw new Error('no explain');
    const base = queryOf('u-1');
    const heavier = { ...base, weights: { ...base.weights, search: 1.6 } };
    expect(scriptLineOf(command, { user: 'u-1', ad: 'ad-1' }, base, base)).toBe('explain u-1 ad-1');
    expect(scriptLineOf(command, { user: 'u-1', ad: 'ad-1' }, heavier, base)).toBe(
      'explain u-1 ad-1 --weight search=1.6',
    );
    expect(scriptLineOf(command, { user: 'u-1', ad: 'ad-1' }, base, heavier)).toBe(
      'explain u-1 ad-1 --weight search=1',
    );
    expect(scriptLineOf(command, { user: 'u-1', ad: 'ad-1' }, base, null)).toContain('--query "{');
  });

  it('writes no setting twice that argument and query both name, so that the line parses', () => {
    const command = commands.find((c) => c.id === 'recall');
    if (command === undefined) throw new Error('no recall');
    const base = queryOf('u-1');
    const settings = fc.record(
      {
        at: fc.nat(2e12),
        k: fc.integer({ min: 1, max: 99 }),
        ef: fc.integer({ min: 1, max: 99 }),
        mode: fc.constantFrom('merged', 'legacy', 'i2i'),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(settings, ({ at: asOf, ...named }) => {
        const query = { ...base, ...named, ...(asOf === undefined ? {} : { asOf }) };
        const args = { user: 'u-1', ...named, ...(asOf === undefined ? {} : { at: asOf }) };
        const line = scriptLineOf(command, args, query, base);
        const outcome = parseLine(line, { commands, globals: [] });
        expect(outcome, line).toMatchObject({ ok: true, parsed: { args } });
      }),
    );
  });
});

describe('lines of a script or a paste', () => {
  it('hold no control character, whatever is pasted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const line of scriptLines(text)) expect(line.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
    expect(scriptLines('# no\r\n\n: a\tb \nc')).toEqual([
      { text: 'a b', number: 3 },
      { text: 'c', number: 4 },
    ]);
  });
});
