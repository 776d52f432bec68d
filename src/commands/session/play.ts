import { stat } from 'node:fs/promises';
import type { Cause } from '../../session/cause.ts';
import type { Answer } from '../../session/format.ts';
import type { StepOutcome } from '../../session/judge.ts';
import { createPlayer, type PlayedStep, type Player } from '../../session/player.ts';
import { openSession } from '../../session/read.ts';
import type { UnitDifference } from '../../session/units.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { sidesOf, type SideRow } from './answer-sides.ts';
import { flagArg, numberArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { prepareReplay, requiredPath, sessionArg, type Table } from './tools.ts';

export type { PlayedStep, SideRow };

export interface PlayedAnswer extends Omit<StepOutcome, 'recorded' | 'present'> {
  readonly recorded: Answer | null;
  readonly present: Answer;
  /** Both lists side by side: what entered, left and moved first; empty where the answer is no list. */
  readonly sides: readonly SideRow[];
}

export interface PlayData {
  readonly file: string;
  readonly note: string;
  readonly differing: readonly UnitDifference[];
  readonly total: number;
  /** Index of the first of `rows`. */
  readonly from: number;
  readonly rows: readonly PlayedStep[];
  /** Index and answer of the step run last; null: none was. */
  readonly at: (PlayedAnswer & { readonly index: number }) | null;
  readonly cause: Cause | null;
  /** All steps were run in search of one that does not hold, and there is none. */
  readonly allHold: boolean;
  /** Steps run so far that something is expected of. */
  readonly pinned: number;
}

interface Held {
  readonly file: string;
  readonly stamp: string;
  readonly player: Player;
}

/** The last player of a workspace: stepping on does not read the file again. */
const held = new WeakMap<Workspace, Held>();

const playerFor = async (table: Table, context: CommandContext, file: string): Promise<Player> => {
  const workspace = await context.workspace();
  const found = await stat(file).catch(() => null);
  const stamp = `${found?.mtimeMs ?? 0} ${found?.size ?? 0}`;
  const known = held.get(workspace);
  if (known !== undefined && known.file === file && known.stamp === stamp) return known.player;
  const session = await openSession(file);
  const { options } = await prepareReplay(table, context, {});
  // The player outlives this call, whose signal it must not keep.
  const player = createPlayer(session, { ...options, signal: undefined });
  held.set(workspace, { file, stamp, player });
  return player;
};

const played = async (player: Player, args: ArgValues, signal: AbortSignal): Promise<StepOutcome | null> => {
  const [step, until] = [numberArg(args, 'step'), numberArg(args, 'run-to')];
  if (flagArg(args, 'first')) return player.toDivergence(signal);
  if (until !== undefined) return player.runTo(until, signal);
  return step === undefined ? null : player.run(step, signal);
};

export const playCommand = (table: Table): Command => ({
  id: 'play',
  title: 'Play a session',
  doc: 'Walks a recording step by step: which artefacts differ, the steps with their outcome, and of one step the recorded and the present answer side by side. --first stops at the first step that does not hold and tells its cause.',
  family: 'session',
  needs: 'workspace',
  args: [
    sessionArg,
    { name: 'step', type: 'int', unit: 'step', doc: 'Run this step alone.' },
    { name: 'run-to', type: 'int', unit: 'step', doc: 'Run every step up to and with this one.' },
    { name: 'first', type: 'flag', doc: 'Run to the first step that does not hold, and look for its cause.' },
    { name: 'from', type: 'int', default: 0, doc: 'Index of the first step listed.' },
    { name: 'rows', type: 'int', default: 40, doc: 'How many steps are listed.' },
  ],
  examples: [
    'play sessions/smart-speaker.jsonl',
    'play sessions/smart-speaker.jsonl --step 3',
    'play failing.jsonl --first',
  ],
  run: async (context, args) => {
    const file = requiredPath(args, 'session');
    const workspace = await context.workspace();
    const player = await playerFor(table, context, file);
    const outcome = await played(player, args, context.signal);
    const index = outcome === null ? 0 : player.indexOf(outcome.step);
    const rows = Math.max(1, numberArg(args, 'rows') ?? 40);
    const asked = Math.max(0, numberArg(args, 'from') ?? 0);
    const from =
      outcome === null || (index >= asked && index < asked + rows) ? asked : Math.max(0, index - (rows >> 1));
    const data: PlayData = {
      file,
      note: player.session.header.note,
      differing: player.differing,
      total: player.session.total,
      from,
      rows: player.rows(from, rows),
      at: outcome === null ? null : { ...outcome, index, sides: sidesOf(outcome.recorded, outcome.present, workspace) },
      pinned: player.pinned(),
      allHold: flagArg(args, 'first') && outcome === null,
      cause:
        outcome !== null && outcome.status !== 'pass' && flagArg(args, 'first') ? await player.causeOf(outcome) : null,
    };
    const query = outcome === null ? null : player.queryOf(outcome.step);
    return {
      schema: 'play',
      ...(query === null ? {} : { query }),
      data: { ...data },
      ...(outcome?.status === 'fail' ? { exitCode: 1 as const } : {}),
    };
  },
});
