#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CliDeps, Library } from './cli/library.ts';
import { configPath } from './commands/help/config-path.ts';
import { knownError } from './errors.ts';

/*
 * The bin. Either front end is imported when it is known to be the one: the screen's first frame does
 * not wait for the table of commands, nor a plain command for Ink.
 */

const version = (): string => {
  const found: unknown = createRequire(import.meta.url)('../package.json');
  return typeof found === 'object' && found !== null && 'version' in found ? String(found.version) : 'unknown';
};

const library = async (): Promise<Library> => {
  const { createFactories, openWorkspace } = await import('./index.ts');
  const tools = createFactories(process.env);
  return { tools, openWorkspace: (options) => openWorkspace({ ...options, tools }) };
};

const runCommand = async (argv: readonly string[]): Promise<number> => {
  const [{ processIo }, { run }, { commands }] = await Promise.all([
    import('./cli/io.ts'),
    import('./cli/run.ts'),
    import('./commands/registry.ts'),
  ]);
  const keys: CliDeps['keys'] = async () => {
    const { actionsOf } = await import('./state/actions/actions.ts');
    return actionsOf(commands)
      .filter((a) => a.keys.length > 0)
      .map(({ keys: names, title, where }) => ({ keys: names, title: title(), where }));
  };
  return run(argv, processIo(process), { commands, version: version(), library, keys });
};

const screenIsPossible = (): boolean =>
  process.stdin.isTTY === true && process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';

/** The folder the screen opens, where the command line asks for the screen: nothing, `demo` alone, or a workspace alone. */
const screenFor = (argv: readonly string[]): { readonly dir: string | undefined } | null => {
  const [first, second, ...more] = argv.filter((word) => word !== '--debug');
  if (more.length > 0) return null;
  if (second === undefined) {
    if (first === undefined || first === 'demo') return { dir: first };
    return first.startsWith('--workspace=') ? { dir: first.slice('--workspace='.length) } : null;
  }
  return first === '-w' || first === '--workspace' ? { dir: second } : null;
};

/**
 * The environment with the config's say in colour and ASCII. Its reader is loaded where there is a file only: the
 * first frame waits for it.
 */
const screenEnv = async (): Promise<Readonly<Record<string, string | undefined>>> => {
  const path = configPath(process.env);
  if (path === null || !existsSync(path)) return process.env;
  const { envWith, readConfig } = await import('./commands/help/config-file.ts');
  return envWith((await readConfig(process.env)).config, process.env);
};

/** A terminal that is gone refuses everything, its modes too; SIGHUP or the end of the input ends the program. */
const outliveTheTerminal = (): void => {
  for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', () => undefined);
};

const openScreen = async (dir: string | undefined): Promise<number> => {
  outliveTheTerminal();
  const [env, { childHost }] = await Promise.all([screenEnv(), import('./tui/child-host.ts')]);
  // The process starts while this one loads Ink.
  const host = childHost(new URL('./host.js', import.meta.url), env);
  const { startTui } = await import('./tui/start.tsx');
  return startTui({
    workspaceDir: dir,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env,
    host,
  });
};

/** 128 + SIGHUP: the window was closed. */
const hungUp = 129;

const main = async (): Promise<number> => {
  const argv = process.argv.slice(2);
  const screen = screenIsPossible() ? screenFor(argv) : null;
  if (screen === null) return runCommand(argv);
  try {
    return await openScreen(screen.dir);
  } catch (error) {
    const known = knownError(error);
    if (known === null) throw error;
    process.stderr.write(`recall-tui: ${known.lines().join('\n')}\n`);
    return known.exitCode;
  }
};

const code = await main();
process.exitCode = code;
// Whoever started it sees what happened to it. Nobody listens to the signal any more.
if (code === hungUp) process.kill(process.pid, 'SIGHUP');
