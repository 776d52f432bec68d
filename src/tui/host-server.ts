import { t } from '../base/texts.ts';
import type { Config } from '../answers/help.ts';
import { unreachableCount } from '../commands/why/census.ts';
import { setsQuery, type ReadConfig } from '../commands/help/config-file.ts';
import { isBundledDemo } from '../commands/query/presets-store.ts';
import type { Command, CommandContext } from '../console/command.ts';
import { paced } from './pace.ts';
import { finderExamples } from '../commands/users/examples.ts';
import { keepUi, readUi } from '../commands/users/ui-file.ts';
import type { Factories } from '../workspace/factories.ts';
import { RecallError, toPlain } from '../errors.ts';
import { createAutosave } from '../session/autosave.ts';
import type { SessionControl } from '../console/session-control.ts';
import { controlOver } from '../session/go-on.ts';
import { freeSessionFile } from '../session/listing.ts';
import { createLiveSession } from '../session/live.ts';
import { stateFolder } from '../session/state-dir.ts';
import { isRecordable } from '../session/run-step.ts';
import type { HostReply, HostRequest, WorkspaceInfo } from '../state/protocol.ts';

/** What the host needs of the workspace; the rest is handed to the commands as it is. */
type Workspace = Awaited<ReturnType<CommandContext['workspace']>>;

export interface HostDeps {
  readonly commands: readonly Command[];
  readonly tools: Factories;
  readonly open: (
    dir: string | null,
    onProgress: (stage: string, done: number, total: number | null) => void,
  ) => Promise<Workspace>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The person's own defaults, read when the workspace is opened. */
  readonly config?: () => Promise<Pick<ReadConfig, 'config' | 'notice'>>;
  readonly reply: (reply: HostReply) => void;
  /** Keeps everything asked in the state folder, in a file named by this; absent: nothing is kept. */
  readonly autosave?: { readonly at: number; readonly pid: number };
  /** Everything is closed: the thread may end. */
  readonly closed?: () => void;
}

export const describe = (workspace: Workspace): WorkspaceInfo => ({
  dir: workspace.dir,
  name: workspace.name,
  users: workspace.store.userCount,
  ads: workspace.catalog.adCount,
  events: workspace.store.eventCount,
  model: workspace.fingerprints.model,
  abilities: workspace.abilities,
  hasIndex: workspace.index !== null,
  hasI2i: workspace.i2i !== null,
  space: workspace.vectors?.space ?? 'ip',
  groups: workspace.settings.groups.map((g) => g.name),
  windows: Object.fromEntries(workspace.settings.groups.map(({ name, windowMs }) => [name, windowMs])),
  tzOffsetMinutes: workspace.settings.tzOffsetMinutes,
  notices: workspace.notices,
  calendar: workspace.settings.calendar ?? [],
  defaults: { ...workspace.manifest.defaults, rules: workspace.rules, asOf: workspace.manifest.asOf },
  option: isBundledDemo(workspace) ? 'demo' : workspace.dir,
  sessionFile: freeSessionFile(),
});

/** A kept position whose user the sample no longer holds says nothing of a user. */
const usable = ({ store }: Workspace, position: unknown): unknown => {
  if (typeof position !== 'object' || position === null || !('user' in position)) return position;
  const { user } = position;
  const known =
    typeof user === 'object' &&
    user !== null &&
    'userId' in user &&
    typeof user.userId === 'string' &&
    store.user(user.userId) !== null;
  return known ? position : { ...position, user: null };
};

/** The workspace as the person's own defaults make it; what they name and it lacks is told. */
const configured = (
  { defaults, ...info }: WorkspaceInfo,
  { store, name }: Workspace,
  { config, notice }: Pick<ReadConfig, 'config' | 'notice'>,
  env: HostDeps['env'],
): WorkspaceInfo => {
  const { startUser, mode } = config;
  const known = startUser !== undefined && store.user(startUser) !== null;
  return {
    ...info,
    // A copied command says the whole query where the config would change what is left out.
    ...(defaults === undefined || setsQuery(config) ? {} : { defaults }),
    ...(known ? { startUser } : {}),
    ...(mode === undefined ? {} : { startMode: mode }),
    notices: [
      ...(startUser === undefined || known
        ? []
        : [t('{name} has no user {user}: the startUser of your config is ignored', { name, user: startUser })]),
      ...(stateFolder(env) === null
        ? [t('HOME names no folder: sessions, typed lines and positions are not kept')]
        : []),
      ...info.notices,
      ...(notice === undefined ? [] : [notice]),
    ],
  };
};

/** Time for the first screen to be drawn and its follow-up questions to be answered. */
const censusAfterMs = 500;

const notOpen = (): never => {
  throw new RecallError('no-workspace', t('no workspace is open yet'));
};

/**
 * Answers requests by running commands on one open workspace. Each request is answered once, with a
 * result or an error, unless the process ends; progress may come before.
 */
export const serveHost = (deps: HostDeps): ((request: HostRequest) => void) => {
  const running = new Map<number, AbortController>();
  let workspace: Promise<Workspace> | null = null;
  let config: Config = {};

  const held = {
    workspace: (): Promise<Workspace> => workspace ?? notOpen(),
    specsOf: (id: string) => deps.commands.find((one) => one.id === id)?.args ?? [],
  };
  const live = createLiveSession({ ...held, tools: deps.tools });
  const autosave =
    deps.autosave === undefined || stateFolder(deps.env) === null
      ? null
      : createAutosave({
          ...held,
          ...deps.autosave,
          tools: deps.tools,
          env: deps.env,
          failed: (error) => {
            deps.reply({ type: 'unsaved', id: 0, error: toPlain(error) });
          },
        });
  const session: SessionControl =
    autosave === null ? live : controlOver({ live, autosave, workspace: held.workspace, env: deps.env });

  const contextOf = (request: Extract<HostRequest, { type: 'call' }>, signal: AbortSignal): CommandContext => ({
    workspace: () => workspace ?? notOpen(),
    tools: deps.tools,
    signal,
    progress: paced((progress) => {
      deps.reply({ type: 'progress', id: request.id, progress });
    }),
    session,
    baseQuery: request.baseQuery,
    config,
    stdin: () =>
      Promise.reject(
        new RecallError('usage', t('standard input belongs to the screen: a command cannot read it'), {
          todo: t('give a file, or run the command in a shell'),
        }),
      ),
    env: deps.env,
    // The views are loaded for a report alone.
    draw: async (report, form) => (await import('../views/report/draw-report.ts')).drawReport(report, form),
  });

  const call = async (request: Extract<HostRequest, { type: 'call' }>, signal: AbortSignal): Promise<HostReply> => {
    const command = deps.commands.find((c) => c.id === request.command);
    if (command === undefined)
      throw new RecallError('usage', t('unknown command "{command}"', { command: request.command }));
    const result = await command.run(contextOf(request, signal), request.args);
    if (request.recorded === true && isRecordable(command)) {
      live.record(command.id, request.args, result);
      // Once the answer is on its way: nobody waits for the autosave.
      if (autosave !== null)
        setImmediate(() => {
          autosave.record(command.id, request.args, result);
        });
    }
    const opened = workspace === null ? null : await workspace;
    if (opened !== null && command.id === 'recall') countLater(opened);
    if (opened !== null && command.id === 'users') exampleLater(opened);
    return { type: 'result', id: request.id, result, backend: opened?.backend()?.name ?? null };
  };

  let counted = false;
  /** The census waits for the first list, and nobody waits for the census. */
  const countLater = (opened: Workspace): void => {
    if (counted) return;
    counted = true;
    const count = async (): Promise<void> => {
      const unreachable = await unreachableCount(opened, deps.tools.files);
      if (unreachable !== null) deps.reply({ type: 'census', id: 0, unreachable });
    };
    setTimeout(() => {
      void count().catch(() => undefined);
    }, censusAfterMs).unref();
  };

  let exampled = false;
  /** Chosen once the first users are on their way: nobody waits for them. */
  const exampleLater = (opened: Workspace): void => {
    if (exampled) return;
    exampled = true;
    const choose = (): void => {
      deps.reply({ type: 'examples', id: 0, examples: finderExamples(opened) });
    };
    setImmediate(() => {
      // Without examples the line works just as well, and what cannot be read is said where it is asked for.
      void Promise.resolve()
        .then(choose)
        .catch(() => undefined);
    });
  };

  const open = async (request: Extract<HostRequest, { type: 'open' }>): Promise<HostReply> => {
    workspace = deps.open(request.dir, (stage, done, total) => {
      deps.reply({ type: 'progress', id: request.id, progress: { stage, done, total } });
    });
    const read: Pick<ReadConfig, 'config' | 'notice'> = (await deps.config?.()) ?? { config: {} };
    config = read.config;
    const [opened, kept] = await Promise.all([workspace, readUi(deps.env)]);
    setImmediate(() => {
      void offerLost().catch(() => undefined);
    });
    const info = configured(describe(opened), opened, read, deps.env);
    const position = usable(opened, kept.workspaces[info.dir]);
    return {
      type: 'opened',
      id: request.id,
      workspace: {
        ...info,
        notices: [...info.notices, ...(kept.notice === null ? [] : [kept.notice])],
        ...(position === undefined ? {} : { position }),
      },
    };
  };

  /** What was cut off is offered again. A folder that cannot be read offers nothing. */
  const offerLost = async (): Promise<void> => {
    const lost = (await autosave?.lost()) ?? null;
    if (lost !== null) deps.reply({ type: 'lost', id: 0, lost });
  };

  const answer = async (id: number, work: (signal: AbortSignal) => Promise<HostReply>): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      deps.reply(await work(controller.signal));
    } catch (error) {
      deps.reply({ type: 'failed', id, error: toPlain(error) });
    } finally {
      running.delete(id);
    }
  };

  let keeping: Promise<void> = Promise.resolve();
  /** One after the other; a disk that is full costs the position only. */
  const keep = (position: unknown): void => {
    keeping = keeping
      .then(async () => {
        const opened = await workspace;
        if (opened !== null) await keepUi(deps.env, deps.tools.files, opened.dir, position);
      })
      .catch(() => undefined);
  };

  /** A recording that is under way is ended as `R` would end it. */
  const close = async (): Promise<void> => {
    try {
      await keeping;
      if (live.path() !== null) await live.stop();
      await autosave?.close();
      await (await workspace)?.close();
    } catch {
      // It never opened, or the disk is full: each step recorded is on it already, and nobody is there to be told.
    } finally {
      deps.closed?.();
    }
  };

  return (request) => {
    switch (request.type) {
      case 'open':
        return void answer(request.id, () => open(request));
      case 'call':
        return void answer(request.id, (signal) => call(request, signal));
      case 'abort':
        return running.get(request.id)?.abort();
      case 'keep':
        return keep(request.position);
      case 'close':
        return void close();
    }
  };
};
