import type { GateList, GateUser } from '../../domain/gate.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { Candidate } from '../../domain/result.ts';
import { cosines } from '../../engine/explain/coalitions.ts';
import { adRows, hasVector } from '../../engine/explain/vectors.ts';
import { engagementsOf } from '../../engine/hydrate.ts';
import { yieldToEventLoop } from '../../engine/interrupt.ts';
import { nearIdentical } from '../../engine/why-not/crowding.ts';
import { recallPlaced } from '../../engine/retrieve.ts';
import type { Engine } from '../../engine/engine.ts';
import { cancelledError, RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../../console/command.ts';

type Placed = ReadonlyArray<Pick<Candidate, 'adId' | 'ordinal'>>;

/** The ads of a list by campaign, those that have one and a vector. */
const byCampaign = ({ core: { deps } }: Engine, list: Placed): number[][] => {
  const groups = new Map<string, number[]>();
  const ordinals = list.map(({ ordinal }) => ordinal).filter((ordinal) => hasVector(deps, ordinal));
  deps.catalog.ads(ordinals).forEach(({ campaign }, i) => {
    if (campaign === null) return;
    const group = groups.get(campaign) ?? [];
    group.push(ordinals[i] ?? 0);
    groups.set(campaign, group);
  });
  return [...groups.values()].filter((group) => group.length > 1);
};

/** Places held by ads that are near-identical to an ad of their campaign above them. */
const crowdedIn = (engine: Engine, list: Placed): number => {
  const { deps } = engine.core;
  const { vectors } = deps;
  if (vectors === null) return 0;
  return byCampaign(engine, list).reduce((sum, group) => {
    const near = group.filter((ordinal, i) => {
      if (i === 0) return false;
      const cosine = cosines(adRows(deps, [ordinal]), adRows(deps, group.slice(0, i)), vectors.dim);
      return cosine.some((value) => value >= nearIdentical - 1e-7);
    });
    return sum + near.length;
  }, 0);
};

const listOf = async (engine: Engine, query: RecallQuery, signal: AbortSignal): Promise<GateList> => {
  const { ads } = await recallPlaced(engine.core, query, { signal });
  const placed = ads.map(({ adId }) => ({ adId, ordinal: engine.core.deps.catalog.ordinalOf(adId) ?? 0 }));
  return { ads: placed.map(({ adId }) => adId), crowded: crowdedIn(engine, placed) };
};

export interface GateSide {
  readonly workspace: Workspace;
  readonly queryOf: (userId: string) => Promise<RecallQuery>;
}

export interface GateSides {
  readonly a: GateSide;
  readonly b: GateSide;
}

/** The two lists of each user in a mode; a user whose query cannot be answered on either side is left out. */
export const gateUsers = async (
  { signal, progress }: Pick<CommandContext, 'signal' | 'progress'>,
  { a, b }: GateSides,
  users: readonly string[],
  mode: RecallQuery['mode'] | null,
): Promise<GateUser[]> => {
  const rows: GateUser[] = [];
  for (const [i, userId] of users.entries()) {
    if (signal.aborted) throw cancelledError();
    const inMode = (query: RecallQuery): RecallQuery => (mode === null ? query : { ...query, mode });
    const [left, right] = [inMode(await a.queryOf(userId)), inMode(await b.queryOf(userId))];
    try {
      rows.push({
        userId,
        engaged: [...engagementsOf(b.workspace, right).keys()],
        a: await listOf(a.workspace.engine, left, signal),
        b: await listOf(b.workspace.engine, right, signal),
      });
    } catch (error) {
      if (!(error instanceof RecallError) || error.code !== 'unsupported') throw error;
    }
    if (i % 32 === 0) {
      progress({ stage: `lists${mode === null ? '' : ` ${mode}`}`, done: i, total: users.length });
      await yieldToEventLoop();
    }
  }
  return rows;
};

/** The lists of the same users under another engine over A. */
export const listsUnder = async (
  engine: Engine,
  { a }: GateSides,
  users: readonly GateUser[],
  signal: AbortSignal,
): Promise<string[][]> => {
  const lists: string[][] = [];
  for (const [i, { userId }] of users.entries()) {
    if (signal.aborted) throw cancelledError();
    const { ads } = await recallPlaced(engine.core, await a.queryOf(userId), { signal });
    lists.push(ads.map(({ adId }) => adId));
    if (i % 32 === 0) await yieldToEventLoop();
  }
  return lists;
};
