import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/console/command.ts';
import { globalArgs } from '../../src/console/globals.ts';
import { caretOf, issueError } from '../../src/console/issue.ts';
import { parseArgv, parseLine, type Grammar, type ParsedCommand } from '../../src/console/parse.ts';
import { quoteWord, tokenise } from '../../src/console/tokens.ts';

const run = (): Promise<never> => Promise.reject(new Error('not run here'));
const recall: Command = {
  id: 'recall',
  title: 'Recall',
  doc: 'Recall.',
  family: 'recall',
  needs: 'workspace',
  takesQuery: true,
  run,
  args: [
    { name: 'user', type: 'user', position: 0, doc: 'The user.', required: true },
    { name: 'check-ann', type: 'flag', doc: 'Check.' },
  ],
};
const index: Command = {
  id: 'index',
  title: 'Index',
  doc: 'Index.',
  family: 'build',
  needs: 'nothing',
  run,
  args: [{ name: 'm', type: 'int', default: 16, doc: 'M.' }],
};
const replay: Command = {
  id: 'replay',
  title: 'Replay',
  doc: 'Replay.',
  family: 'session',
  needs: 'nothing',
  run,
  args: [{ name: 'session', type: 'path', position: 0, repeat: true, required: true, doc: 'Files.' }],
};
const grammar: Grammar = { commands: [recall, index, replay], globals: globalArgs };

const parsed = (line: string): ParsedCommand => {
  const outcome = parseLine(line, grammar);
  if (!outcome.ok) throw issueError(outcome.issue);
  return outcome.parsed;
};
const issue = (line: string) => {
  const outcome = parseLine(line, grammar);
  if (outcome.ok) throw new Error(`"${line}" was accepted`);
  return outcome.issue;
};

describe('the parser', () => {
  it('reads positionals, typed options and repeated options', () => {
    const { command, args } = parsed(
      'recall u1 -k 50 --ef=200 --weight search=1.6 --weight browse=0 --at 2025-06-17T21:04 --check-ann',
    );
    expect(command?.id).toBe('recall');
    expect(args).toEqual({
      user: 'u1',
      k: 50,
      ef: 200,
      weight: ['search=1.6', 'browse=0'],
      at: Date.UTC(2025, 5, 17, 21, 4),
      'check-ann': true,
    });
  });

  it('keeps ids as text, however much they look like numbers', () => {
    expect(parsed('recall 0012345678901234567890').args['user']).toBe('0012345678901234567890');
    expect(parsed('recall -- -k').args['user']).toBe('-k');
    expect(parsed('recall "--json"').args['user']).toBe('--json');
    expect(parsed('recall -5').args['user']).toBe('-5');
    expect(parsed('recall "--"').args['user']).toBe('--');
  });

  it('takes global options before and after the command', () => {
    expect(parsed('-w /tmp/x recall u1 --json').globals).toEqual({ workspace: '/tmp/x', json: true });
    expect(parsed('--version')).toEqual({ command: null, args: {}, globals: { version: true } });
  });

  it('takes a lone dash as a value: stdin', () => {
    expect(parsed('recall u1 --query - --json')).toMatchObject({ args: { query: '-' }, globals: { json: true } });
  });

  it('fills defaults, and asks for what is missing unless help is asked for', () => {
    expect(parsed('index').args).toEqual({ m: 16 });
    expect(issue('recall').message).toBe('recall needs USER');
    expect(issue('recall').expected).toBe('recall USER [options]');
    expect(parsed('recall --help').globals).toEqual({ help: true });
  });

  it('takes a positional by its name, and the next word for the next place', () => {
    expect(parsed('recall --user u1').args['user']).toBe('u1');
    expect(issue('recall --user u1 u2').message).toContain('no more than 1 argument');
  });

  it('gathers a repeated positional', () => {
    expect(parsed('replay a.jsonl "b c.jsonl"').args).toEqual({ session: ['a.jsonl', 'b c.jsonl'] });
  });

  it('points at the word that is wrong and suggests what may have been meant', () => {
    expect(issue('recal u1')).toMatchObject({ at: 0, length: 5, hint: 'did you mean "recall"?' });
    expect(issue('recall u1 --wieght a=1')).toMatchObject({ at: 10, length: 8, hint: 'did you mean "weight"?' });
    expect(issue('recall u1 --as-of 2025-06-01')).toMatchObject({ at: 10, hint: 'did you mean "at"?' });
    expect(issue('recall u1 --mode modl')).toMatchObject({
      at: 17,
      length: 4,
      expected: 'one of model, i2i, legacy, merged',
      hint: 'did you mean "model"?',
    });
    expect(issue('recall u1 -k many')).toMatchObject({ at: 13, expected: 'a whole number' });
    expect(issue('recall u1 --weight search=9').expected).toContain('from 0 to 4');
    expect(issue('recall u1 --ef --check-ann').message).toBe('--ef needs a value');
    expect(issue('recall u1 u2').message).toContain('no more than 1 argument');
    expect(issue('recall u1 -k 1 -k 2').message).toBe('--k is given twice');
    expect(issue('recall u1 --json=yes').message).toContain('takes no value');
    expect(issue('recall "u1').at).toBe(7);
  });

  it('counts wide characters as two cells under the caret', () => {
    expect(issueError(issue('recall 智能 --nope'), 'recall-tui ').lines().slice(1, 3)).toEqual([
      '    recall-tui recall 智能 --nope',
      `${' '.repeat(27)}^~~~~~`,
    ]);
    expect(caretOf(issue('recall 智能 --nope'))).toBe(`${' '.repeat(12)}^~~~~~`);
  });

  it('refuses instants that do not exist', () => {
    expect(issue('recall u1 --at 2025-02-30').expected).toContain('ISO-8601');
    expect(issue('recall u1 --at 1750204800000000').hint).toBe(
      '1750204800000000 looks like microseconds: 2025-06-18T00:00:00Z; write 1750204800000',
    );
    expect(issue('recall u1 --at 1750204800').hint).toContain('looks like seconds: 2025-06-18T00:00:00Z');
    expect(parsed('recall u1 --at 2025-06-18T00:00+08:00').args['at']).toBe(Date.UTC(2025, 5, 17, 16));
    expect(parsed('recall u1 --at 1750000000000').args['at']).toBe(1_750_000_000_000);
  });

  it('reads words of a shell and words of a line alike', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (user) => {
        const byLine = parseLine(`recall -- ${quoteWord(user)}`, grammar);
        const byArgv = parseArgv(['recall', '--', user], grammar);
        expect(byLine).toEqual(byArgv);
        expect(byArgv).toMatchObject({ ok: true, parsed: { args: { user } } });
      }),
    );
  });
});

describe('the tokeniser', () => {
  it('gives back every word that was quoted for it, with its place', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 6 }), (words) => {
        const source = words.map(quoteWord).join('  ');
        const { tokens, unclosed } = tokenise(source);
        expect(unclosed).toBeNull();
        expect(tokens.map((t) => t.text)).toEqual(words);
        for (const t of tokens) expect(source.slice(t.at, t.end)).toBe(quoteWord(t.text));
      }),
    );
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        parseLine(line, grammar);
      }),
    );
  });
});
