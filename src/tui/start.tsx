import { t } from '../base/texts.ts';
import { fromPlain, RecallError, type PlainError } from '../errors.ts';
import type { Host } from '../state/protocol.ts';
import { initialState } from '../state/initial.ts';
import { positionOf } from '../state/position.ts';
import type { AppState } from '../state/state.ts';
import { createStore, type Store } from '../state/store.ts';
import { update } from '../state/update.ts';
import type { Line } from '../views/text/line.ts';
import { colourLevel } from '../views/text/render.ts';
import { sanitiseLines } from '../views/text/sanitise.ts';
import { crashReport } from './crash-report.ts';
import { createCanvas } from './canvas.ts';
import { clipboardBytes } from './clipboard.ts';
import { createFiles } from './files.ts';
import { runEffects } from './effects.ts';
import { openInk } from './ink.tsx';
import { createPainter } from './painter.ts';
import { suspendJob, watchProcess } from './signals.ts';
import { createTerminal, type OutputStream } from './terminal.ts';

export interface TuiOptions {
  /** `-w DIR`; absent: found as for every command. */
  readonly workspaceDir?: string | undefined;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: OutputStream;
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where questions are answered. */
  readonly host: Host;
  /** For tests: a look at the store and at each frame. */
  readonly onStore?: (store: Store) => void;
  readonly onFrame?: (lines: readonly Line[]) => void;
}

const refuse = (message: string): never => {
  throw new RecallError('usage', message, {
    expected: t('a terminal on standard input and output'),
    todo: t(
      'use a headless command: recall-tui recall USER --json, recall-tui users; recall-tui commands lists all commands',
    ),
  });
};

const checkTerminal = ({ stdin, stdout, env }: TuiOptions): void => {
  if (stdin.isTTY !== true) refuse(t('the screen cannot start: standard input is not a terminal'));
  if (stdout.isTTY !== true) refuse(t('the screen cannot start: standard output is not a terminal'));
  if (env['TERM'] === 'dumb') refuse(t('the screen cannot start: TERM=dumb cannot place a cursor'));
};

/** Unicode unless the locale says otherwise. */
const wantsAscii = (env: TuiOptions['env']): boolean => {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return env['RECALL_TUI_ASCII'] === '1' || locale === 'C' || locale === 'POSIX';
};

const sizeOf = (stdout: OutputStream): { columns: number; rows: number } => ({
  columns: stdout.columns ?? 80,
  rows: stdout.rows ?? 24,
});

const errorText = (error: PlainError): string =>
  `${sanitiseLines(`recall-tui: ${fromPlain(error).lines().join('\n')}`)}\n`;

/** What the screen holds of users, ads and queries: none of it belongs into a report of a crash. */
const heldData = ({
  userId,
  query,
  lists,
  behaviour,
  finder,
  detail,
  coveredDetail,
  trials,
  history,
  prompt,
}: AppState): unknown => [
  userId,
  query,
  lists,
  behaviour,
  finder.users,
  finder.input,
  detail,
  coveredDetail,
  trials,
  history,
  prompt?.input,
];

/** Runs the screen until it is quit; resolves with the exit code. Throws `usage` without a terminal. */
export const startTui = async (options: TuiOptions): Promise<number> => {
  checkTerminal(options);
  const { stdin, stdout, stderr, env, host } = options;
  const terminal = createTerminal(stdin, stdout);
  const painter = createPainter(
    (bytes) => {
      stdout.write(bytes);
    },
    colourLevel(env, true),
  );
  const files = createFiles(env);
  return new Promise<number>((resolve) => {
    let done = false;
    const finish = (code: number, last?: string): void => {
      if (done) return;
      done = true;
      cleanup();
      terminal.leave();
      if (last !== undefined) stderr.write(last);
      // However it ends: the next start finds the screen as it was left.
      if (store.get().workspace !== null) host.send({ type: 'keep', position: positionOf(store.get()) });
      void Promise.all([host.close().catch(() => undefined), files.settled()]).then(() => {
        resolve(code);
      });
    };
    const crash = (error: unknown): void => {
      finish(70, crashReport(error, heldData(store.get())));
    };
    const resumed = (): void => {
      terminal.reenter();
      painter.forget();
      painter.repaint();
      resize();
    };
    const store = createStore(
      initialState(options.workspaceDir ?? null, sizeOf(stdout)),
      update,
      runEffects(host, {
        suspend: suspendJob,
        exit: (code, error) => {
          finish(code, error === undefined ? undefined : errorText(error));
        },
        task: (id, task) => {
          files.run(id, task, (reply) => {
            store.dispatch({ type: 'reply', reply });
          });
        },
        remember: files.remember,
        copy: (text) => {
          stdout.write(clipboardBytes(text, env));
        },
      }),
    );
    const resize = (): void => {
      painter.forget();
      store.dispatch({ type: 'resize', size: sizeOf(stdout) });
    };
    terminal.enter();
    const canvas = createCanvas((lines) => {
      painter.paint(lines);
      options.onFrame?.(lines);
    }, wantsAscii(env));
    const ended = (): void => {
      finish(129);
    };
    const ink = openInk({ store, canvas, ascii: wantsAscii(env), ended }, stdin, stdout, crash);
    const unwatch = watchProcess({ stop: finish, stopping: terminal.leave, resumed, crash });
    stdout.on('resize', resize);
    const cleanup = (): void => {
      unwatch();
      stdout.off('resize', resize);
      ink.close();
    };
    host.listen(
      (reply) => {
        store.dispatch({ type: 'reply', reply });
      },
      (error) => {
        store.dispatch({ type: 'gone', error });
      },
    );
    options.onStore?.(store);
    store.dispatch({ type: 'start' });
    void files.history().then((lines) => {
      store.dispatch({ type: 'history', lines });
    });
    // The table is large and the first frame does not need it.
    import('../commands/registry.ts').then(({ commands }) => {
      store.dispatch({ type: 'table', table: commands });
    }, crash);
  });
};
