import { timeWord } from '../base/time.ts';
import { shellWord } from '../base/shell.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { ArgValues, Command } from './command.ts';
import type { ArgSpec } from '../answers/help.ts';
import { flagsFor } from './command-line.ts';
import { quoteWord } from './tokens.ts';
import { argsOf } from './usage.ts';

/** A word of a line: a value, an option, or an option with its value. */
interface Word {
  readonly option?: string;
  readonly value?: string;
}

const valuesOf = (value: ArgValues[string]): readonly string[] =>
  Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];

const wordsOf = (spec: ArgSpec, value: ArgValues[string]): Word[] => {
  const option = `--${spec.name}`;
  if (spec.type === 'flag') return value === true ? [{ option }] : [];
  if (spec.type === 'time' && typeof value === 'number') return [{ option, value: timeWord(value) }];
  return valuesOf(value).map((v) => ({ option, value: v }));
};

/** Arguments as words: positionals while none before them is omitted, the rest by name; default values are omitted. */
const argWords = (
  command: Command,
  args: ArgValues,
): { readonly positionals: readonly string[]; readonly options: readonly Word[] } => {
  const specs = argsOf(command);
  const places = specs.filter((s) => s.position !== undefined).sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const gap = places.findIndex((s) => args[s.name] === undefined);
  const plain = gap < 0 ? places : places.slice(0, gap);
  const named = specs.filter((s) => !plain.includes(s) && args[s.name] !== undefined && args[s.name] !== s.default);
  return {
    positionals: plain.flatMap((s) => valuesOf(args[s.name])),
    options: named.flatMap((s) => wordsOf(s, args[s.name])),
  };
};

type Quote = (text: string) => string;

const optionText = ({ option = '', value }: Word, quote: Quote): string =>
  value === undefined ? option : value.startsWith('-') ? `${option}=${quote(value)}` : `${option} ${quote(value)}`;

const single: readonly string[] = ['at', 'k', 'ef', 'mode'];

/**
 * The arguments a line needs so that a command asked on `query` is asked on it again from any of `bases`:
 * flags where they can say it, else the query itself; nothing where nothing differs.
 */
const queryWords = (
  command: Command,
  args: ArgValues,
  query: RecallQuery | null,
  bases: readonly RecallQuery[],
): readonly Word[] => {
  if (query === null || command.takesQuery !== true || args['query'] !== undefined) return [];
  if (bases.length > 0 && bases.every((base) => JSON.stringify(base) === JSON.stringify(query))) return [];
  const own = typeof args['user'] !== 'string' || args['user'] === query.userId;
  const flags =
    own &&
    args['preset'] === undefined &&
    !(args['at'] !== undefined && query.extraEvents.length > 0) &&
    bases.every((base) => base.userId === query.userId)
      ? flagsFor(query, bases)
      : null;
  return flags === null
    ? [{ option: '--query', value: JSON.stringify(query) }]
    : flags.filter(
        ({ option }) => !single.some((name) => option.replace(/^-+/, '') === name && args[name] !== undefined),
      );
};

const line = (command: Command, args: ArgValues, said: readonly Word[], quote: Quote): string => {
  const { positionals, options } = argWords(command, args);
  const places = positionals.map(quote);
  const rest = [...said, ...options].map((word) => optionText(word, quote));
  const dashed = positionals.some((p) => p.startsWith('-'));
  return dashed ? [command.id, ...rest, '--', ...places].join(' ') : [command.id, ...places, ...rest].join(' ');
};

/** The line of a script that asks the same on the same query, where the line before left `carried`. */
export const scriptLineOf = (
  command: Command,
  args: ArgValues,
  query: RecallQuery | null,
  carried: RecallQuery | null,
): string =>
  line(
    command,
    args,
    query === null || carried === null
      ? queryWords(command, args, query, [])
      : queryWords(command, args, query, [carried]),
    quoteWord,
  );

/** The shell line that gives the same answer without the screen; `bases`: what a query may start from there. */
export const headlessLine = (
  where: string | null,
  command: Command,
  args: ArgValues,
  query: RecallQuery | null,
  bases: readonly RecallQuery[],
): string =>
  [
    'recall-tui',
    ...(where === null ? [] : ['-w', shellWord(where)]),
    line(command, args, queryWords(command, args, query, bases), shellWord),
    '--json',
  ].join(' ');
