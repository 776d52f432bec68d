import type { GateCheck, GateObjection } from '../../domain/gate.ts';
import { lineBatches } from '../../ingest/tables/lines.ts';
import { isRecord } from '../../base/json.ts';
import { parseRow } from '../../ingest/tables/jsonl.ts';
import { whyNot } from '../../engine/why-not/why-not.ts';
import { yieldToEventLoop } from '../../engine/interrupt.ts';
import { cancelledError, RecallError } from '../../errors.ts';
import { readSession } from '../../session/read.ts';
import { replaySession } from '../../session/replay.ts';
import { openVault } from '../../session/vault.ts';
import { artefactsOf } from '../../session/workspace.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../../console/command.ts';
import { runnerOf, type Table } from '../session/tools.ts';
import { readPairs } from '../why/triage-input.ts';
import type { GateSides } from './gate-lists.ts';

export interface Evidence {
  readonly check: GateCheck;
  /** Golden sets that are answers of A or B themselves. */
  readonly circular: readonly string[];
}

const none = (name: string): GateCheck => ({ name, says: 'none given', figures: {}, objections: [] });

type Hashes = Readonly<Record<string, string | null>>;

/** Whose answers a set recorded on these artefacts holds; null: of neither. */
const sourceOf = (recorded: Hashes, { a, b }: GateSides): 'A' | 'B' | null => {
  const own = (workspace: Workspace): boolean => {
    const now = new Map(Object.entries({ ...workspace.fingerprints, ...artefactsOf(workspace) }));
    return ['model', 'index', 'rules'].every((name) => (recorded[name] ?? null) === (now.get(name) ?? null));
  };
  return own(b.workspace) ? 'B' : own(a.workspace) ? 'A' : null;
};

const circularText = (file: string, source: 'A' | 'B'): string =>
  `${file} is circular: it holds answers of ${source} itself, and shows what changes, not what is right`;

/** Replays golden sessions on B. A session whose key or ids B does not have is an objection, not an error. */
export const sessionsCheck = async (
  table: Table,
  context: CommandContext,
  sides: GateSides,
  files: readonly string[],
): Promise<Evidence> => {
  if (files.length === 0) return { check: none('golden sessions'), circular: [] };
  const { workspace } = sides.b;
  const objections: GateObjection[] = [];
  const circular: string[] = [];
  let [steps, passed] = [0, 0];
  for (const file of files) {
    try {
      const session = await readSession(file);
      const source = sourceOf({ ...session.header.artefacts, sample: session.header.artefacts.db }, sides);
      const pinned = session.steps.some(({ expect }) => Object.keys(expect ?? {}).length > 0);
      if (source !== null && pinned) circular.push(circularText(file, source));
      const vault = await openVault(workspace);
      const runner = runnerOf(table, { ...context, workspace: () => Promise.resolve(workspace) });
      const report = await replaySession(session, { workspace, vault, runner, signal: context.signal, cause: false });
      steps += report.outcomes.length;
      passed += report.outcomes.length - report.failed;
      for (const outcome of report.outcomes.filter(({ status }) => status === 'fail'))
        objections.push({
          text: `${file}, step ${outcome.step} (${outcome.command}): ${outcome.failures.map(({ message }) => message).join('; ')}`,
          userIds: [],
          adIds: [],
        });
    } catch (error) {
      if (!(error instanceof RecallError) || error.code === 'cancelled' || error.code === 'internal') throw error;
      objections.push({ text: `${file}: ${error.lines().join('; ')}`, userIds: [], adIds: [] });
    }
  }
  return {
    check: {
      name: 'golden sessions',
      says: `${passed} of ${steps} steps hold`,
      figures: { steps, passed },
      objections,
    },
    circular,
  };
};

/** The fingerprints that a file of triage's own rows was made under; null: it is none. */
const rowsOf = async (file: string, signal: AbortSignal): Promise<Hashes | null> => {
  const read = { encoding: 'utf-8' as const, onBytes: () => undefined, signal };
  for await (const batch of lineBatches(file, read)) {
    const first = batch[0];
    const value = first === undefined ? null : parseRow(first.text);
    const hashes = value?.['format'] === 'recall-tui/triage@1' ? value['fingerprints'] : null;
    if (!isRecord(hashes)) return null;
    return Object.fromEntries(
      Object.entries(hashes).map(([name, hash]) => [name, typeof hash === 'string' ? hash : null]),
    );
  }
  return null;
};

/** Judges the cases that expect something, on B. */
export const casesCheck = async (
  context: CommandContext,
  sides: GateSides,
  file: string | undefined,
): Promise<Evidence> => {
  if (file === undefined) return { check: none('cases'), circular: [] };
  const { workspace, queryOf } = sides.b;
  const hashes = file === '-' ? null : await rowsOf(file, context.signal);
  const source = hashes === null ? null : sourceOf(hashes, sides);
  const failed: Array<{ line: number; userId: string; adId: string; text: string }> = [];
  let [judged, holding] = [0, 0];
  for await (const { line, userId, adId, at, expect, problem } of readPairs(context, file)) {
    if (context.signal.aborted) throw cancelledError();
    if (problem !== null || expect === null) continue;
    judged += 1;
    if (judged % 32 === 0) await yieldToEventLoop();
    const known = workspace.store.user(userId) !== null;
    const query = known ? await queryOf(userId) : null;
    const verdict =
      query === null
        ? 'unknown-user'
        : (await whyNot(workspace.engine, at === null ? query : { ...query, asOf: at }, adId, { repair: false }))
            .verdict;
    if (known && (verdict === 'recalled') === (expect === 'present')) holding += 1;
    else if (failed.length < 1000)
      failed.push({ line, userId, adId, text: `line ${line}: ${adId} expected ${expect}, found ${verdict}` });
  }
  return {
    check: {
      name: 'cases',
      says: `${holding} of ${judged} expectations hold`,
      figures: { cases: judged, holding },
      objections: failed
        .slice(0, 50)
        .map(({ text, userId, adId }) => ({ text, userIds: [userId], adIds: [adId] }))
        .concat(judged - holding > 50 ? [{ text: `${judged - holding - 50} cases more`, userIds: [], adIds: [] }] : []),
    },
    circular: source === null ? [] : [circularText(file, source)],
  };
};
