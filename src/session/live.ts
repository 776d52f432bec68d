import type { Judged } from './answer.ts';
import type { ArgValues } from '../console/command.ts';
import type { ArgSpec } from '../answers/help.ts';
import type { Factories } from '../workspace/factories.ts';
import { RecallError } from '../errors.ts';
import type { SessionControl } from '../console/session-control.ts';
import { sessionText } from './format.ts';
import { readSession } from './read.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { checkKey } from './replay.ts';
import { toolName } from './tool.ts';
import { openVault } from './vault.ts';
import type { SessionWorkspace } from './workspace.ts';

export interface LiveOptions {
  readonly workspace: () => Promise<SessionWorkspace>;
  readonly specsOf: (command: string) => readonly ArgSpec[];
  readonly tools: Pick<Factories, 'files'>;
}

/** Recording as a front end holds it: started and stopped while commands run. */
export interface LiveSession extends SessionControl {
  /** Goes on in the file of a recording that was cut off; how many steps it holds. Throws `usage`, `bad-input`. */
  readonly goOn: (path: string) => Promise<number>;
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
      recorder = await createRecorder({ path, workspace: opened, vault, specsOf, tool: toolName(), resume: true });
      return session.steps.length;
    },
    stop: async () => {
      const ended = running();
      recorder = null;
      last = ended.path;
      ended.close();
      // Later notes and expectations are written into their steps: one line per step, as a person reviews it.
      await tools.files.atomicWrite(ended.path, sessionText(await readSession(ended.path)));
      return ended.steps();
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
