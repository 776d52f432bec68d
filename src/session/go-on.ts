import type { Resumed } from '../answers/session.ts';
import { RecallError } from '../errors.ts';
import type { Autosave } from './autosave.ts';
import type { SessionControl } from '../console/session-control.ts';
import { readCutOff } from './cut-off.ts';
import type { LiveSession } from './live.ts';
import { isAutosave } from './state-dir.ts';
import { openVault } from './vault.ts';
import type { SessionWorkspace } from './workspace.ts';

export interface GoOnOptions {
  readonly live: LiveSession;
  readonly autosave: Autosave;
  readonly workspace: () => Promise<SessionWorkspace>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Goes on with a session that was cut off: a file of the person's own is recorded to again; an autosave goes on in its
 * own file, and with it the recording that was under way. Throws `usage`, `bad-input`.
 */
const goOn = async ({ live, autosave, workspace, env }: GoOnOptions, path: string): Promise<Resumed> => {
  if (!isAutosave(path, env)) {
    const opened = await workspace();
    const { query } = await readCutOff(path, opened, await openVault(opened));
    return { path, steps: await live.goOn(path), query, recording: path };
  }
  const resumed = await autosave.resume(path);
  const { recording } = resumed;
  if (recording === null || live.path() !== null) return { ...resumed, recording: live.path() };
  try {
    await live.goOn(recording);
    return resumed;
  } catch (error) {
    if (!(error instanceof RecallError) || error.code === 'internal') throw error;
    return {
      ...resumed,
      recording: null,
      unresumed: `${recording} was being recorded too, and cannot be gone on with: ${error.message}`,
    };
  }
};

/** `record` starts and ends a session of the person's own; without one, notes and expectations go into the autosave. */
export const controlOver = (options: GoOnOptions): SessionControl => {
  const { live, autosave } = options;
  const current = (): Pick<SessionControl, 'note' | 'expect'> => (live.path() === null ? autosave : live);
  /** Marks the present recording once `work` is done, so that a resumed session continues it. */
  const marked = async <T>(work: Promise<T>): Promise<T> => work.finally(() => autosave.mark(live.path()));
  return {
    path: live.path,
    ended: live.ended,
    autosaved: autosave.path,
    note: (text) => current().note(text),
    expect: (spec) => current().expect(spec),
    start: (path, how) => marked(Promise.resolve(live.start(path, how))),
    stop: () => marked(live.stop()),
    resume: (path) => marked(goOn(options, path)),
  };
};
