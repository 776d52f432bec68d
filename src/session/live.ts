import type { Judged } from './answer.ts';
import type { ArgValues } from '../console/command.ts';
import type { ArgSpec } from '../answers/help.ts';
import type { Factories } from '../workspace/factories.ts';
import { RecallError } from '../errors.ts';
import type { SessionControl } from '../console/session-control.ts';
import { readSession } from './read.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { checkKey } from './replay.ts';
import { toolName } from './tool.ts';
import { openVault } from './vault.ts';
import type { SessionWorkspace } from './workspace.ts';

export interface LiveOptions {
  readonly workspace: () => Promise<SessionWorkspace>;
  readonly specsOf: (command: string) => readonly ArgSpec[];
  readonly tools: Pick<Factories, 'files' | 'locks'>;
}

/** Recording as a front end holds it: started and stopped while commands run. */
export interface LiveSession extends SessionControl {
  /** Goes on in the file of a recording that was cut off; how many steps it holds. Throws `usage`, `bad-input`. */
  readonly goOn: (path: string) => Promise<number>;
  /** Ends it after a failure: a file that got no step goes. */
  readonly abandon: () => Promise<void>;
  /** Does nothing while nothing is being recorded. */
  readonly record: (command: string, args: ArgValues, result: Judged) => void;
}

export const createLiveSession = ({ workspace, specsOf, tools }: LiveOptions): LiveSession => {
  let recorder: Recorder | null = null;
  let last: string | null = null;
  const running = (): Recorder =>
    recorder ??
    ((): never => {
      throw new RecallError('usage', 'no session is being recorded', { todo: 'record FILE' });
    })();
  const free = (): void => {
    if (recorder !== null)
      throw new RecallError('usage', `a session is being recorded already: ${recorder.path}`, {
        todo: 'record (without a file) ends it',
      });
  };
  const stop = async (): Promise<number> => {
    const ended = running();
    recorder = null;
    last = ended.path;
    await ended.settle(tools.files.atomicWrite);
    return ended.steps();
  };
  return {
    path: () => recorder?.path ?? null,
    ended: () => last,
    start: async (path, { note, text }) => {
      free();
      const opened = await workspace();
      recorder = await createRecorder({
        path,
        workspace: opened,
        vault: await openVault(opened),
        specsOf,
        locks: tools.locks,
        tool: toolName(),
        note,
        text,
      });
    },
    goOn: async (path) => {
      free();
      const opened = await workspace();
      const vault = await openVault(opened);
      const session = await readSession(path);
      checkKey(session, vault);
      recorder = await createRecorder({
        path,
        workspace: opened,
        vault,
        specsOf,
        locks: tools.locks,
        tool: toolName(),
        resume: true,
      });
      return session.steps.length;
    },
    stop,
    abandon: async () => {
      if (recorder !== null && recorder.steps() > 0) await stop();
      recorder?.discard();
      recorder = null;
    },
    note: (text) => {
      running().note(text);
    },
    expect: (spec) => running().expect(spec),
    record: (command, args, result) => {
      recorder?.record(command, args, result);
    },
  };
};
