import { rmSync } from 'node:fs';
import { privateFile } from '../base/atomic-file.ts';
import { canonicalJson } from '../base/json.ts';
import type { ArgValues } from '../console/command.ts';
import type { ArgSpec } from '../answers/help.ts';
import type { RecallQuery } from '../domain/query.ts';
import { parseQuery } from '../domain/query-schema.ts';
import type { FileLock, Locks } from '../engine/ports/artefacts.ts';
import { RecallError } from '../errors.ts';
import { answerOf, type Judged } from './answer.ts';
import { claimOf } from './claim.ts';
import type { ExpectSpec } from '../console/session-control.ts';
import { headerLine, sessionText, stepLine, type Answer, type SessionStep } from './format.ts';
import { headerOf } from './header.ts';
import { holdSession } from './hold.ts';
import { openJournal, type Journal } from './journal.ts';
import { knobsOf } from './query-digest.ts';
import { isLeftover } from './leftover.ts';
import { readSession } from './read.ts';
import { ownArgs } from './run-step.ts';
import { sealArgs, sealQuery, type Disclosure } from './seal.ts';
import { stepLists, type StepLists } from './step-lists.ts';
import type { Vault } from './vault.ts';
import type { SessionWorkspace } from './workspace.ts';

export interface RecorderOptions {
  readonly path: string;
  readonly workspace: SessionWorkspace;
  readonly vault: Vault;
  /** Arguments of a command, by its id. */
  readonly specsOf: (command: string) => readonly ArgSpec[];
  readonly tool: string;
  readonly note?: string;
  /** `--with-text`. */
  readonly text?: boolean;
  /** Go on with a session that was cut off. */
  readonly resume?: boolean;
  /** null: who calls holds the file already. */
  readonly locks: Locks | null;
  /** Default: each step is on the disk when its call returns. */
  readonly openJournal?: typeof openJournal;
}

/** Writes steps as they are answered; each is on the disk when its call returns. */
export interface Recorder {
  readonly path: string;
  readonly steps: () => number;
  /** Records a command with the query it resolved to, and its answer. The step's number. */
  record(command: string, args: ArgValues, result: Judged): number;
  /** Note of the last step or, before the first step, of the session. */
  note(text: string): void;
  /** Pins what the last answer says, or a claim that holds of it. The step's number. Throws `usage`, `unknown-ad`. */
  expect(spec: ExpectSpec): number;
  close(): void;
  /** Closes it with later notes and expectations written into their steps: one line a step, as a person reviews it. */
  settle(write: (path: string, text: string, mode: number) => Promise<void>): Promise<void>;
  /** Closes it and removes its file. */
  discard(): void;
}

/** The resolved step of a result: nothing that a keystroke, a row number or a clock could change. */
export const stepOf = (
  step: number,
  command: string,
  args: ArgValues,
  result: Judged,
  options: Pick<RecorderOptions, 'workspace' | 'vault' | 'specsOf'> & { readonly text: boolean },
): SessionStep => {
  const { workspace, vault, specsOf } = options;
  const disclosure: Disclosure = { text: options.text, calendar: workspace.settings.calendar ?? [] };
  const specs = specsOf(command);
  const query = result.query === undefined ? undefined : sealQuery(result.query, vault, disclosure);
  const other = firstQuery(result, workspace);
  const follows = result.query !== undefined && canonicalJson(result.query.rules) === canonicalJson(workspace.rules);
  // Both queries say what a comparison compares: the words that chose them say nothing more.
  const own = other === undefined ? ownArgs(args, specs, result.query) : {};
  return {
    step,
    command,
    args: sealArgs(own, specs, vault, disclosure),
    ...(query === undefined ? {} : { query }),
    ...(other === undefined ? {} : { other: sealQuery(other, vault, disclosure) }),
    ...(follows ? { follows: ['rules' as const] } : {}),
    ...(query === undefined ? {} : { knobs: knobsOf(query) }),
    observed: answerOf(result, vault),
  };
};

const firstQuery = (result: Judged, workspace: SessionWorkspace): RecallQuery | undefined => {
  const queries = result.schema === 'compare' ? result.data.queries : undefined;
  return (
    queries &&
    parseQuery(
      queries.a,
      workspace.settings.groups.map((group) => group.name),
    )
  );
};

/**
 * Starts a session's file, or goes on with one. Throws `bad-input` when the file is there (without `resume`) and has a
 * step, or another recorder writes it; nothing is left of a file that could not be started.
 */
export const createRecorder = async (options: RecorderOptions): Promise<Recorder> => {
  const lock = options.locks === null ? null : holdSession(options.locks, options.path);
  try {
    return await recorderIn(options, lock);
  } catch (error) {
    lock?.release();
    throw error;
  }
};

const recorderIn = async (options: RecorderOptions, lock: FileLock | null): Promise<Recorder> => {
  const { path, workspace, vault, resume = false, note = '', tool } = options;
  const before = resume ? await readSession(path) : null;
  const text = before?.header.privacy.text ?? options.text ?? false;
  // The model names the backend once it is loaded; a session without one has none.
  if (workspace.fingerprints.model !== null) await workspace.encoder();
  if (!resume && options.locks !== null && isLeftover(path)) rmSync(path);
  const journal = (options.openJournal ?? openJournal)(path, resume ? 'resume' : 'create');
  if (before === null)
    try {
      journal.append(headerLine(headerOf(workspace, vault, { tool, note, text })));
    } catch (error) {
      journal.discard();
      throw error;
    }
  const last = before?.steps.at(-1);
  const lists = stepLists(path);
  for (const { step, observed } of before?.steps ?? []) lists.add(step, observed);
  return recorderOver(
    { journal, lock },
    { ...options, text },
    { number: last?.step ?? 0, answer: last?.observed ?? null, lists },
  );
};

interface Last {
  number: number;
  answer: Answer | null;
  readonly lists: StepLists;
}

const recorderOver = (
  { journal, lock }: { readonly journal: Journal; readonly lock: FileLock | null },
  options: RecorderOptions & { readonly text: boolean },
  last: Last,
): Recorder => {
  const amend = (fields: Record<string, unknown>): void => {
    journal.append(JSON.stringify({ amends: last.number, ...fields }));
  };
  return {
    path: journal.path,
    steps: () => last.number,
    record: (command, args, result) => {
      const step = stepOf(last.number + 1, command, args, result, options);
      journal.append(stepLine(step));
      last.number = step.step;
      last.answer = step.observed ?? null;
      last.lists.add(step.step, step.observed);
      return step.step;
    },
    note: (text) => {
      amend({ note: text });
    },
    expect: (spec) => {
      if (last.answer === null)
        throw new RecallError('usage', 'the session has no step yet', {
          expected: 'a question first, like recall USER; then what its answer must say',
        });
      amend({
        expect: claimOf(spec, {
          step: last.number,
          answer: last.answer,
          listAt: last.lists.at,
          catalog: options.workspace.catalog,
        }),
      });
      return last.number;
    },
    close: () => {
      journal.close();
      lock?.release();
    },
    settle: async (write) => {
      journal.close();
      try {
        await write(journal.path, sessionText(await readSession(journal.path)), privateFile);
      } finally {
        lock?.release();
      }
    },
    discard: () => {
      journal.discard();
      lock?.release();
    },
  };
};
