import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cancelledError, fromPlain, RecallError } from '../../../errors.ts';
import type { SqlReply, SqlTask } from './sql-protocol.ts';

/** dist/sql-child.js, seen from the bundle and from the sources; null where neither was built. */
const childFile = (): string | null =>
  ['./sql-child.js', '../../../../dist/sql-child.js']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync) ?? null;

/** How long a SELECT or a view of a team's file may take for one stage. */
const defaultSeconds = 120;

/** The same, or what RECALL_TUI_SQL_SECONDS says. */
const secondsAllowed = (): number => {
  const seconds = Number(process.env['RECALL_TUI_SQL_SECONDS']);
  return seconds > 0 ? seconds : defaultSeconds;
};

export interface SqlProcess {
  readonly signal: AbortSignal;
  readonly onProgress?: (stage: string, done: number, total: number | null) => void;
  /** The process has ended before it was done: what it left can be removed. */
  readonly onEnd?: (pid: number) => void;
}

const tooLong = (path: string, stage: string, seconds: number, statements: readonly string[]): RecallError =>
  new RecallError('bad-sample', `${path}: reading ${stage} through the mapping took longer than ${seconds} s`, {
    expected: `SELECTs and views that end within ${seconds} s`,
    found: statements.map((one) => one.slice(0, 200)).join(' · '),
    todo: 'correct it (a recursive SELECT may have no end), or allow more: RECALL_TUI_SQL_SECONDS=600',
  });

const kill = (child: ChildProcess): void => {
  child.kill('SIGKILL');
};

/**
 * Runs statements of a team's in a process of its own: SQLite cannot be interrupted, a process can be ended, by the
 * signal or once one stage of a SELECT or a view has taken too long. null where the child was not built. Throws
 * `bad-sample`, `cancelled`, and what the task throws.
 */
export const inSqlProcess = <T>(
  task: SqlTask,
  { signal, onProgress, onEnd }: SqlProcess,
  read: (value: unknown) => T,
): Promise<T> | null => {
  const file = childFile();
  if (file === null) return null;
  if (signal.aborted) return Promise.reject(cancelledError());
  const child = fork(file, [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const seconds = secondsAllowed();
  let statements: readonly string[] = [];
  let stage = '';
  let timer: NodeJS.Timeout | undefined;
  const watch = (): void => {
    clearTimeout(timer);
    if (statements.length > 0)
      timer = setTimeout(
        () => finish(() => Promise.reject(tooLong(task.path, stage, seconds, statements))),
        seconds * 1000,
      );
  };
  let finish: (settle: () => Promise<T>) => void = () => undefined;
  const stop = (): void => finish(() => Promise.reject(cancelledError()));
  const answer = new Promise<T>((resolve, reject) => {
    let ending = false;
    finish = (settle) => {
      if (ending) return;
      ending = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      // The files that it wrote are removed by who asked: not before it is gone.
      child.once('exit', () => {
        onEnd?.(child.pid ?? 0);
        settle().then(resolve, reject);
      });
      kill(child);
    };
    child.on('message', (reply: SqlReply) => {
      if (reply.kind === 'statements') {
        statements = reply.statements;
        watch();
      } else if (reply.kind === 'progress') {
        if (reply.stage !== stage) {
          stage = reply.stage;
          watch();
        }
        onProgress?.(reply.stage, reply.done, reply.total);
      } else if (reply.kind === 'failed') finish(() => Promise.reject(fromPlain(reply.error)));
      else finish(() => Promise.resolve(read(reply.value)));
    });
    // It could not be started: there is no end to wait for.
    child.once('error', reject);
    child.once('exit', (code, killedBy) => {
      if (ending) return;
      ending = true;
      clearTimeout(timer);
      onEnd?.(child.pid ?? 0);
      // ctrl-c reaches every process of the terminal.
      if (killedBy === 'SIGINT' || signal.aborted) return reject(cancelledError());
      reject(
        new RecallError('bad-sample', `${task.path}: the process that read it ended`, {
          expected: 'an answer',
          found: killedBy ?? `exit ${String(code)}`,
        }),
      );
    });
  });
  signal.addEventListener('abort', stop, { once: true });
  child.send(task);
  return answer;
};
