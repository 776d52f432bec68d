import { clipped } from '../base/unsafe-text.ts';
import { knownError } from '../errors.ts';
import type { Line } from '../views/text/line.ts';
import { asciiOnly, colourLevel, renderAnsi, renderPlain } from '../views/text/render.ts';
import { asciiLine } from '../views/text/ascii.ts';
import { sanitise } from '../views/text/sanitise.ts';
import type { CliIo } from './io.ts';

/** The only writer of stdout and stderr: data on the one, messages on the other, both sanitised. */
export interface Output {
  /** Cells of a line: those of the terminal, else COLUMNS, else as many as any line needs. */
  readonly width: number;
  readonly ascii: boolean;
  lines(lines: readonly Line[]): Promise<void>;
  data(lines: readonly string[]): Promise<void>;
  /** Text that is JSON already, or Markdown of ours. */
  raw(text: string): Promise<void>;
  /** Lines of ours for stderr; a line break inside one is shown, and starts no line. */
  message(...lines: readonly string[]): Promise<void>;
  /** Commands to a build server, `::error …`: the one place where a line may begin so. */
  annotations(lines: readonly string[]): Promise<void>;
}

/** A build server obeys a line of the log that begins with `::` or `##[`: an id or a title there commands nothing. */
const withoutCommand = (line: string): string =>
  line.replace(/^(\s*)(?:::|##(?=\[|vso))/, (found, blanks: string) => `${blanks}${found.at(-1) ?? ''}·`);

const pipeWidth = 100_000;

const widthOf = (io: CliIo): number => {
  if (io.stdout.isTTY && io.stdout.columns > 0) return io.stdout.columns;
  const declared = Number(io.env['COLUMNS']);
  return Number.isSafeInteger(declared) && declared >= 20 ? declared : pipeWidth;
};

export const output = (io: CliIo): Output => {
  const ascii = asciiOnly(io.env);
  const level = colourLevel(io.env, io.stdout.isTTY);
  const write = async (text: string): Promise<void> => {
    await io.stdout.write(text);
  };
  const block = (lines: readonly string[]): string => lines.map((l) => `${l}\n`).join('');
  return {
    width: widthOf(io),
    ascii,
    lines: (asked) => {
      const lines = ascii ? asked.map(asciiLine) : asked;
      return write(block((level === 0 ? renderPlain(lines) : renderAnsi(lines, level)).map(withoutCommand)));
    },
    data: (lines) => write(block(lines.map((line) => withoutCommand(sanitise(line))))),
    raw: write,
    message: async (...lines) => {
      await io.stderr.write(block(lines.map((line) => withoutCommand(sanitise(clipped(line))))));
    },
    annotations: async (lines) => {
      await io.stderr.write(block(lines.map(sanitise)));
    },
  };
};

/** Prints an error for a person and gives the exit code; a stack trace only when asked for. */
export const failure = async (out: Output, error: unknown, debug: boolean): Promise<number> => {
  const known = knownError(error);
  const message = error instanceof Error ? error.message : String(error);
  const lines = known?.lines() ?? [
    `internal error: ${message}`,
    '  to do:    run again with --debug for the stack trace, and report it',
  ];
  await out.message(...lines.map((line, i) => (i === 0 ? `recall-tui: ${line}` : line)));
  if (debug && error instanceof Error) await out.message(...stackOf(error).split('\n'));
  return known?.exitCode ?? 70;
};

const stackOf = (error: Error): string => {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by: ${stackOf(error.cause)}` : own;
};
