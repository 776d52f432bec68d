import type { Command } from './command.ts';
import type { ArgSpec } from '../answers/help.ts';
import { tokenise, type Token } from './tokens.ts';
import { argsOf } from './usage.ts';

/** Where the cursor stands in a line: which word, of which command, for which arguments. */
export interface Place {
  /** null: the word is the command's own name. */
  readonly command: Command | null;
  /** Arguments the word may be; several where leaving one out moves the others up. */
  readonly specs: readonly ArgSpec[];
  /** Arguments given before the cursor. */
  readonly given: ReadonlySet<string>;
  /** The word is the value of an option. */
  readonly ofOption: boolean;
  /** `--mode=` where the value is written into the option's own word. */
  readonly inline: string;
  /** The typed part of the word, unquoted, and its span in the line. */
  readonly typed: string;
  readonly at: number;
  readonly end: number;
}

const isOption = ({ text, quoted }: Token): boolean => !quoted && /^-[^\d.]/.test(text) && text !== '--';

const optionNamed = (word: string, specs: readonly ArgSpec[]): ArgSpec | undefined => {
  const name = word.replace(/=.*$/s, '');
  return specs.find((s) => name === `--${s.name}` || (s.short !== undefined && name === `-${s.short}`));
};

interface Walked {
  readonly given: Set<string>;
  readonly positionals: number;
  readonly pending: ArgSpec | null;
}

/** Reads the words before the cursor the way the parser does. */
const walk = (words: readonly Token[], specs: readonly ArgSpec[]): Walked => {
  const given = new Set<string>();
  let positionals = 0;
  let pending: ArgSpec | null = null;
  for (const word of words) {
    const option: ArgSpec | undefined = pending === null && isOption(word) ? optionNamed(word.text, specs) : undefined;
    if (option !== undefined) {
      given.add(option.name);
      pending = option.type === 'flag' || word.text.includes('=') ? null : option;
    } else if (pending !== null) pending = null;
    else if (!isOption(word)) positionals++;
  }
  return { given, positionals, pending };
};

const positional = (command: Command, index: number): ArgSpec | undefined => {
  const specs = command.args
    .filter((a) => a.position !== undefined)
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const last = specs.at(-1);
  return specs[index] ?? (last?.repeat === true ? last : undefined);
};

const wordAt = (line: string, cursor: number): { readonly before: readonly Token[]; readonly word: Token } => {
  const tokens = tokenise(line.slice(0, cursor)).tokens;
  const last = tokens.at(-1);
  return last !== undefined && last.end === cursor
    ? { before: tokens.slice(0, -1), word: last }
    : { before: tokens, word: { text: '', at: cursor, end: cursor, quoted: false } };
};

/**
 * The place of the cursor (a code-unit offset). `variants` are the grammars in which the line may be
 * read: at the prompt an argument may be omitted, so that the next one is meant.
 */
export const placeAt = (line: string, cursor: number, variants: ReadonlyArray<readonly Command[]>): Place => {
  const { before, word } = wordAt(line, cursor);
  const [name, ...words] = before;
  const base = { given: new Set<string>(), ofOption: false, inline: '', typed: word.text, at: word.at, end: word.end };
  const readings =
    name === undefined ? [] : variants.flatMap((commands) => commands.find((c) => c.id === name.text) ?? []);
  const [command] = readings;
  if (command === undefined) return { ...base, command: null, specs: [] };
  const specs = argsOf(command);
  const { given, positionals, pending } = walk(words, specs);
  if (pending !== null) return { ...base, command, given, specs: [pending], ofOption: true };
  const cut = isOption(word) ? word.text.indexOf('=') : -1;
  const inline = cut < 0 ? undefined : optionNamed(word.text, specs);
  if (inline !== undefined)
    return {
      ...base,
      command,
      given,
      specs: [inline],
      ofOption: true,
      inline: word.text.slice(0, cut + 1),
      typed: word.text.slice(cut + 1),
    };
  if (isOption(word))
    return { ...base, command, given, specs: [optionNamed(word.text, specs)].flatMap((s) => s ?? []) };
  const found = readings
    .flatMap((reading) => positional(reading, positionals) ?? [])
    .filter((spec) => !given.has(spec.name) || spec.repeat === true);
  return { ...base, command, given, specs: [...new Map(found.map((s) => [s.name, s])).values()] };
};
