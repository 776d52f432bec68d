import { t } from '../base/texts.ts';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readText } from '../base/text-file.ts';
import { hasControls } from '../base/unsafe-text.ts';
import { privateFile, writeTextFile } from '../base/atomic-file.ts';
import { homeOf, ownFolder } from '../base/homes.ts';
import { byCodeUnit } from '../base/order.ts';
import { RecallError, toPlain } from '../errors.ts';
import type { FileAnswer, HostReply } from '../state/protocol.ts';
import type { FileTask } from '../state/types.ts';

type Env = Readonly<Record<string, string | undefined>>;

const kept = 1000;

/** `$XDG_STATE_HOME/recall-tui/history`, by default under `~/.local/state`; null without a home: nothing is kept. */
export const historyPath = (env: Env): string | null => {
  const folder = ownFolder('state', env);
  return folder === null ? null : join(folder, 'history');
};

/** Throws `usage` where there is no home. */
const home = (path: string, env: Env): string => {
  if (path !== '~' && !path.startsWith('~/')) return path;
  const folder = homeOf(env);
  if (folder !== null) return join(folder, path.slice(1));
  throw new RecallError('usage', t('{path} names no file: HOME is not set to a folder', { path }), {
    expected: t('a path without ~'),
  });
};

const write = async (task: Extract<FileTask, { do: 'write' }>, again: string, env: Env): Promise<FileAnswer> => {
  const path = resolve(home(task.path, env));
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory() === true)
    throw new RecallError('usage', t('{path} is a folder', { path: task.path }), { expected: t('the name of a file') });
  if (there !== null && !task.replace)
    throw new RecallError('usage', t('{path} already exists', { path: task.path }), { todo: again });
  // Lists of users.
  await writeTextFile(path, task.text, privateFile);
  return { do: 'write', path, bytes: Buffer.byteLength(task.text) };
};

const shown = 500;

const list = async ({ dir }: Extract<FileTask, { do: 'list' }>, env: Env): Promise<FileAnswer> => {
  const entries = await readdir(resolve(home(dir === '' ? '.' : dir, env)), { withFileTypes: true });
  const rows = entries
    .filter((e) => !e.name.startsWith('.'))
    .map((e) => ({ path: `${dir}${e.name}${e.isDirectory() ? '/' : ''}`, folder: e.isDirectory() }));
  return { do: 'list', entries: rows.sort((a, b) => byCodeUnit(a.path, b.path)).slice(0, shown) };
};

const readLines = async (env: Env): Promise<string[]> => {
  const path = historyPath(env);
  const text = path === null ? '' : await readText(path).catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '' && !hasControls(line))
    .slice(-kept);
};

/** Files as the screen needs them: one thing after the other, off the frame. */
export interface Files {
  run(id: number, task: FileTask, reply: (reply: HostReply) => void): void;
  history(): Promise<string[]>;
  /** Another program may write the same history: it is read again before each line. A disk that refuses loses the line only. */
  remember(line: string): void;
  /** Everything asked for is on the disk. */
  settled(): Promise<void>;
}

export const createFiles = (env: Env): Files => {
  let last: Promise<unknown> = Promise.resolve();
  const after = (work: () => Promise<void>): void => {
    last = last.then(work, work);
  };
  return {
    run: (id, task, reply) => {
      after(async () => {
        try {
          const files =
            task.do === 'write'
              ? await write(task, t('choose another name, or overwrite the file: --force (save), name! (E)'), env)
              : await list(task, env);
          reply({ type: 'files', id, files });
        } catch (error) {
          reply({ type: 'failed', id, error: toPlain(error) });
        }
      });
    },
    history: () => readLines(env),
    remember: (line) => {
      const path = historyPath(env);
      if (path === null) return;
      after(async () => {
        const lines = (await readLines(env)).filter((one) => one !== line);
        await writeTextFile(path, `${[...lines, line].slice(-kept).join('\n')}\n`, privateFile).catch(() => undefined);
      });
    },
    settled: async () => {
      await last.catch(() => undefined);
    },
  };
};
