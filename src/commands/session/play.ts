import type { StepOutcome, PlayData } from '../../answers/session.ts';
import { stat } from 'node:fs/promises';
import { createPlayer, type Player } from '../../session/player.ts';
import { openSession } from '../../session/read.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { sidesOf } from './answer-sides.ts';
import { flagArg, numberArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { prepareReplay, requiredPath, sessionArg, type Table } from './tools.ts';

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

export const playCommand = (table: Table): Command<'play'> => ({
  id: 'play',
  title: 'Step through a session',
  doc: 'Steps through a recording: the artefacts that differ, the steps with their outcome, and for one step the recorded and the present answer side by side. --first stops at the first step that fails and shows its cause.',
  family: 'session',
  needs: 'workspace',
  args: [
    sessionArg,
    { name: 'step', type: 'int', unit: 'step', doc: 'Run this step alone.' },
    { name: 'run-to', type: 'int', unit: 'step', doc: 'Run every step up to and including this one.' },
    { name: 'first', type: 'flag', doc: 'Run to the first step that fails, and look for its cause.' },
    { name: 'from', type: 'int', default: 0, doc: 'Index of the first step listed.' },
    { name: 'rows', type: 'int', default: 40, doc: 'Maximum number of steps listed.' },
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
      data,
      ...(outcome?.status === 'fail' ? { exitCode: 1 as const } : {}),
    };
  },
});
