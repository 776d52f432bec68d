import type { ArgValues, Command } from './command.ts';
import type { ArgSpec } from '../answers/help.ts';
import type { ParseIssue } from './issue.ts';
import { didYouMean } from '../base/nearest.ts';
import { tokenise, tokensOfArgv, type Token, type Tokens } from './tokens.ts';
import { argsOf, usageOf } from './usage.ts';
import { readValue } from './values.ts';

export interface ParsedCommand {
  /** null: only global options were given. */
  readonly command: Command | null;
  readonly args: ArgValues;
  readonly globals: ArgValues;
}

export type ParseOutcome =
  { readonly ok: true; readonly parsed: ParsedCommand } | { readonly ok: false; readonly issue: ParseIssue };

export interface Grammar {
  readonly commands: readonly Command[];
  /** Options known before and after any command; the REPL has none. */
  readonly globals: readonly ArgSpec[];
}

type Values = Record<string, string | number | boolean | readonly string[] | undefined>;

/** Carries an issue out of the nested readers; never leaves this module. */
class Refused extends Error {
  constructor(readonly issue: Omit<ParseIssue, 'source'>) {
    super(issue.message);
  }
}

const refuse = (
  token: { at: number; end: number },
  message: string,
  more: { expected?: string; hint?: string } = {},
): never => {
  const { expected, hint } = more;
  throw new Refused({
    message,
    at: token.at,
    length: Math.max(1, token.end - token.at),
    ...(expected === undefined ? {} : { expected }),
    ...(hint === undefined || hint === '' ? {} : { hint }),
  });
};

const label = (spec: ArgSpec): string => (spec.position === undefined ? `--${spec.name}` : spec.name.toUpperCase());

const store = (values: Values, spec: ArgSpec, token: Token, text: string): void => {
  const read = readValue(spec, text);
  if (!read.ok) return refuse(token, `${label(spec)} cannot be "${text}"`, read);
  if (spec.repeat === true) {
    const before = values[spec.name];
    values[spec.name] = [...(Array.isArray(before) ? before : []), String(read.value)];
    return;
  }
  if (values[spec.name] !== undefined) return refuse(token, `${label(spec)} is given twice`);
  values[spec.name] = read.value;
};

interface Option {
  readonly spec: ArgSpec;
  readonly inline: string | null;
}

/** Words that people say for an option, though no letter of it is wrong. */
const synonyms: Readonly<Record<string, string>> = { 'as-of': 'at', asof: 'at', as_of: 'at', date: 'at', time: 'at' };

const optionHint = (name: string, specs: readonly ArgSpec[]): string => {
  const names = specs.map((s) => s.name);
  const meant = synonyms[name.toLowerCase()];
  return meant !== undefined && names.includes(meant) ? `did you mean "${meant}"?` : didYouMean(name, names);
};

/** Reads `--name`, `--name=value`, `-k`, `-k50`; null where the word is no option. A positional may be given by its name too. */
const optionOf = (token: Token, specs: readonly ArgSpec[]): Option | null => {
  const { text } = token;
  if (token.quoted || text === '-' || !text.startsWith('-') || /^-[\d.]/.test(text)) return null;
  if (text.startsWith('--')) {
    const cut = text.indexOf('=');
    const name = cut < 0 ? text.slice(2) : text.slice(2, cut);
    const spec = specs.find((s) => s.name === name);
    return spec === undefined
      ? refuse(token, `unknown option --${name}`, { hint: optionHint(name, specs) })
      : { spec, inline: cut < 0 ? null : text.slice(cut + 1) };
  }
  const spec = specs.find((s) => s.short === text.charAt(1));
  return spec === undefined
    ? refuse(token, `unknown option -${text.charAt(1)}`)
    : { spec, inline: text.length > 2 ? text.slice(2) : null };
};

const isOption = (token: Token, specs: readonly ArgSpec[]): boolean =>
  !token.quoted &&
  specs.some(
    (s) =>
      token.text === `--${s.name}` ||
      token.text.startsWith(`--${s.name}=`) ||
      (s.short !== undefined && token.text === `-${s.short}`),
  );

const commandOf = (token: Token, commands: readonly Command[]): Command =>
  commands.find((c) => c.id === token.text) ??
  refuse(token, `unknown command "${token.text}"`, {
    hint:
      didYouMean(
        token.text,
        commands.map((c) => c.id),
      ) || '"commands" lists them',
  });

class Reader {
  command: Command | null = null;
  readonly args: Values = {};
  readonly globals: Values = {};
  private literal = false;

  constructor(
    private readonly grammar: Grammar,
    private readonly tokens: readonly Token[],
  ) {}

  read(end: number): void {
    for (let i = 0; i < this.tokens.length; i++) {
      const token = this.tokens[i];
      if (token === undefined) continue;
      if (!this.literal && token.text === '--' && !token.quoted) this.literal = true;
      else i += this.word(token, this.tokens[i + 1]);
    }
    if (this.command !== null && this.globals['help'] !== true) this.complete(this.command, end);
  }

  private specs(): readonly ArgSpec[] {
    return this.command === null ? this.grammar.globals : [...argsOf(this.command), ...this.grammar.globals];
  }

  /** Returns how many of the following words it took. */
  private word(token: Token, next: Token | undefined): number {
    const option = this.literal ? null : optionOf(token, this.specs());
    if (option !== null) return this.option(token, option, next);
    if (this.command === null) this.command = commandOf(token, this.grammar.commands);
    else this.positional(this.command, token);
    return 0;
  }

  private option(token: Token, { spec, inline }: Option, next: Token | undefined): number {
    const values = this.grammar.globals.includes(spec) ? this.globals : this.args;
    if (spec.type === 'flag') {
      if (inline !== null) refuse(token, `--${spec.name} takes no value`);
      values[spec.name] = true;
      return 0;
    }
    if (inline !== null) {
      store(values, spec, token, inline);
      return 0;
    }
    if (next === undefined || isOption(next, this.specs()))
      return refuse(token, `${label(spec)} needs a value`, { expected: spec.doc });
    store(values, spec, next, next.text);
    return 1;
  }

  private positional(command: Command, token: Token): void {
    const specs = command.args
      .filter((a) => a.position !== undefined)
      .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
    const spec = specs.find((s) => s.repeat === true || this.args[s.name] === undefined);
    if (spec === undefined)
      return refuse(
        token,
        `${command.id} takes ${specs.length === 0 ? 'no arguments' : `no more than ${specs.length} argument${specs.length === 1 ? '' : 's'}`}`,
        { expected: usageOf(command) },
      );
    store(this.args, spec, token, token.text);
  }

  private complete(command: Command, end: number): void {
    for (const spec of command.args) {
      if (spec.default !== undefined) this.args[spec.name] ??= spec.default;
      if (spec.required === true && this.args[spec.name] === undefined)
        refuse({ at: end, end: end + 1 }, `${command.id} needs ${label(spec)}`, { expected: usageOf(command) });
    }
  }
}

const parseTokens = (input: Tokens, grammar: Grammar): ParseOutcome => {
  if (input.unclosed !== null)
    return {
      ok: false,
      issue: { message: 'the quote is never closed', source: input.source, at: input.unclosed, length: 1 },
    };
  const reader = new Reader(grammar, input.tokens);
  try {
    reader.read(input.source.length + 1);
  } catch (error) {
    if (error instanceof Refused) return { ok: false, issue: { ...error.issue, source: input.source } };
    throw error;
  }
  return { ok: true, parsed: { command: reader.command, args: reader.args, globals: reader.globals } };
};

/** Parses a line of the REPL or of `exec`. */
export const parseLine = (line: string, grammar: Grammar): ParseOutcome => parseTokens(tokenise(line), grammar);

/** Parses the words of a shell command line. */
export const parseArgv = (argv: readonly string[], grammar: Grammar): ParseOutcome =>
  parseTokens(tokensOfArgv(argv), grammar);
