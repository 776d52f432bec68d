#!/usr/bin/env node
import { createRequire } from 'node:module';
import { processIo } from './cli/io.ts';
import type { CliDeps, Library } from './cli/library.ts';
import { failure, output } from './cli/output.ts';
import { run } from './cli/run.ts';
import { globalArgs } from './commands/globals.ts';
import { textArg } from './commands/arg-values.ts';
import { parseArgv } from './commands/parse.ts';
import { commands } from './commands/registry.ts';

// React's development build leaks a performance entry per render; Ink is imported after this line only.
// Not an assignment to the variable itself: the bundler puts a constant in its place.
Object.assign(process.env, { NODE_ENV: 'production' });

const version = (): string => {
  const found: unknown = createRequire(import.meta.url)('../package.json');
  return typeof found === 'object' && found !== null && 'version' in found ? String(found.version) : 'unknown';
};

const library = async (): Promise<Library> => {
  const { createTools, openWorkspace } = await import('./index.ts');
  return { tools: createTools(process.env), openWorkspace };
};

const keys: CliDeps['keys'] = async () => {
  const { actionsOf } = await import('./state/actions.ts');
  return actionsOf(commands).filter((a) => a.keys.length > 0).map(({ keys: names, title, where }) => ({ keys: names, title, where }));
};

const screenIsPossible = (): boolean => process.stdin.isTTY === true && process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';

/** The folder the screen opens, where the command line asks for the screen: nothing but `-w`, or `demo` alone. */
const screenFor = (argv: readonly string[]): { readonly dir: string | undefined } | null => {
  const outcome = parseArgv(argv, { commands, globals: globalArgs });
  if (!outcome.ok) return null;
  const { command, args, globals } = outcome.parsed;
  const only = Object.keys(globals).every((name) => name === 'workspace' || name === 'debug');
  const bare = command === null || (command.id === 'demo' && Object.keys(args).length === 0);
  return only && bare ? { dir: command === null ? textArg(globals, 'workspace') : 'demo' } : null;
};

const openScreen = async (dir: string | undefined): Promise<number> => {
  const { startTui } = await import('./tui/start.tsx');
  return startTui({ workspaceDir: dir, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: process.env });
};

const main = async (): Promise<number> => {
  const argv = process.argv.slice(2);
  const io = processIo(process);
  const screen = screenIsPossible() ? screenFor(argv) : null;
  if (screen === null) return run(argv, io, { commands, version: version(), library, keys });
  // The screen has put the terminal back before anything is thrown.
  return openScreen(screen.dir).catch((error: unknown) => failure(output(io), error, argv.includes('--debug')));
};

process.exitCode = await main();
