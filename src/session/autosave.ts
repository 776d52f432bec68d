import { existsSync } from 'node:fs';
import type { Judged } from './answer.ts';
import type { Resumed } from '../answers/session.ts';
import type { ArgValues } from '../console/command.ts';
import type { ArgSpec } from '../answers/help.ts';
import { RecallError } from '../errors.ts';
import type { SessionControl } from '../console/session-control.ts';
import type { FileLock } from '../engine/ports/artefacts.ts';
import type { Factories } from '../workspace/factories.ts';
import { openQuietJournal, type QuietJournal } from './journal.ts';
import { readCutOff } from './cut-off.ts';
import { holdSession } from './hold.ts';
import { readSession } from './read.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import {
  autosavePath,
  lostSessions,
  markedRecording,
  markRecording,
  pruneAutosaves,
  sweepState,
  settleAutosave,
  takeOver,
} from './state-dir.ts';
import { toolName } from './tool.ts';
import { openVault, type Vault } from './vault.ts';
import type { SessionWorkspace } from './workspace.ts';

export interface AutosaveOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** When this process began, ms since the epoch, and its id: the name of its file. */
  readonly at: number;
  readonly pid: number;
  readonly workspace: () => Promise<SessionWorkspace>;
  readonly specsOf: (command: string) => readonly ArgSpec[];
  readonly tools: Pick<Factories, 'locks'>;
  /** It cannot be written any more; reported once. */
  readonly failed: (error: unknown) => void;
}

/** A session whose process ended without closing it. */
export interface LostSession {
  readonly path: string;
  readonly steps: number;
  /** ms since the epoch */ readonly at: number;
  /** The person's own recording that was under way, cut off with it. */
  readonly recording?: string;
}

/** The session of this process, kept from the first question on without anyone asking. */
export interface Autosave extends Pick<SessionControl, 'path' | 'note' | 'expect'> {
  /** In the order of the calls, in the background. */
  readonly record: (command: string, args: ArgValues, result: Judged) => void;
  /** The newest lost session of this workspace; null = none. */
  readonly lost: () => Promise<LostSession | null>;
  /** Goes on in the file of a session that was cut off, and gives back its last query. Throws `usage`, `bad-input`. */
  readonly resume: (path: string) => Promise<Resumed>;
  /** Remembers which file is recorded to by the person's own word, in case the process is cut off; null: none. */
  readonly mark: (recording: string | null) => Promise<void>;
  /** Everything recorded is on the disk. */
  readonly settled: () => Promise<void>;
  /** An orderly end: the file becomes an ordinary session, what was offered and passed by too, and the oldest go. */
  readonly close: () => Promise<void>;
}

interface Running {
  readonly recorder: Recorder;
  readonly journal: () => QuietJournal | null;
  readonly lock: FileLock;
}

export const createAutosave = (options: AutosaveOptions): Autosave => {
  const { env, at, pid, workspace, specsOf, tools, failed } = options;
  const { locks } = tools;
  let running: Running | null = null;
  let offered: string | null = null;
  let broken = false;
  let work: Promise<void> = Promise.resolve();

  let key: Promise<Vault> | null = null;
  /** Read once, when the workspace opens: the first question is kept as soon as the others. */
  const vault = (): Promise<Vault> => (key ??= workspace().then(openVault));

  /** Held until its name says that it has ended: it is lost to nobody. */
  const open = async (path: string, resume: boolean, lock = holdSession(locks, path)): Promise<Running> => {
    try {
      return await openHeld(path, resume, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  };

  const openHeld = async (path: string, resume: boolean, lock: FileLock): Promise<Running> => {
    const opened = await workspace();
    let journal: QuietJournal | null = null;
    const recorder = await createRecorder({
      path,
      workspace: opened,
      vault: await vault(),
      specsOf,
      tool: toolName(),
      resume,
      locks: null,
      openJournal: (file, how) => (journal = openQuietJournal(file, how)),
    });
    return { recorder, journal: () => journal, lock };
  };

  /** One after the other; the first that fails is reported, and ends it. */
  const next = (task: () => Promise<void>): void => {
    work = work
      .then(async () => {
        if (!broken) await task();
      })
      .catch((error: unknown) => {
        if (!broken) failed(error);
        broken = true;
      });
  };

  const current = (): Recorder =>
    running?.recorder ??
    ((): never => {
      throw new RecallError('usage', 'the session has no step yet', {
        expected: 'a question first; then a note, or what its answer must say',
      });
    })();

  /** Records the pending answer first: a note is about it. */
  const answered = async (): Promise<void> => {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await work;
  };

  const end = async (): Promise<void> => {
    await answered();
    const ended = running;
    running = null;
    if (ended === null) return;
    try {
      await ended.journal()?.synced();
      ended.recorder.close();
      await settleAutosave(ended.recorder.path, ended.recorder.steps());
    } finally {
      ended.lock.release();
    }
  };

  /** Unless somebody goes on with it meanwhile. */
  const passBy = async (path: string): Promise<void> => {
    const taken = locks.take(path);
    if (!('release' in taken)) return;
    try {
      if (existsSync(path)) await settleAutosave(path, 1);
    } finally {
      taken.release();
    }
  };

  return {
    path: () => running?.recorder.path ?? null,
    record: (command, args, result) => {
      next(async () => {
        running ??= await open(autosavePath(env, at, pid), false);
        running.recorder.record(command, args, result);
      });
    },
    note: async (text) => {
      await answered();
      current().note(text);
    },
    expect: async (spec) => {
      await answered();
      return current().expect(spec);
    },
    lost: async () => {
      await sweepState(env, locks);
      const found = await newestOf(await lostSessions(env, locks), (await vault()).keyId);
      offered = found?.path ?? null;
      return found;
    },
    resume: async (path) => {
      const opened = await workspace();
      const before = holdSession(locks, path);
      let passed = false;
      try {
        const { session, query } = await readCutOff(path, opened, await vault());
        const recording = await markedRecording(path);
        await end();
        const taken = autosavePath(env, beganAt(path), pid);
        await takeOver(path, taken);
        // Of a process with this one's number: the name stays, and with it the lock.
        passed = taken === path;
        running = await open(taken, true, passed ? before : undefined);
        broken = false;
        if (offered === path) offered = null;
        return { path: taken, steps: session.steps.length, query, recording };
      } finally {
        if (!passed) before.release();
      }
    },
    // It only helps after a crash: a folder that cannot be written costs no recording.
    mark: async (recording) => {
      await markRecording(running?.recorder.path ?? autosavePath(env, at, pid), recording).catch(() => undefined);
    },
    settled: async () => {
      await work;
      await running?.journal()?.synced();
    },
    close: async () => {
      await markRecording(running?.recorder.path ?? autosavePath(env, at, pid), null);
      await end();
      if (offered !== null) await passBy(offered);
      await pruneAutosaves(env, locks);
    },
  };
};

const beganAt = (path: string): number => Number(/(?:live|session)-(\d+)-\d+\.jsonl$/.exec(path)?.[1] ?? 0);

/** The first session sealed under this key that can be read and has a step. */
const newestOf = async (paths: readonly string[], keyId: string): Promise<LostSession | null> => {
  for (const path of paths) {
    const session = await readSession(path).catch(() => null);
    if (session === null || session.header.privacy.key !== keyId || session.steps.length === 0) continue;
    const recording = await markedRecording(path);
    return { path, steps: session.steps.length, at: beganAt(path), ...(recording === null ? {} : { recording }) };
  }
  return null;
};
