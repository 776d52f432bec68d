import type { FunnelGain } from '../../answers/funnel.ts';
import { nearestToModel, nearestUsers, planChanges, weightGrid } from '../../domain/funnel/changes.ts';
import type { ChangePlan, FunnelChange, NotRun } from '../../domain/funnel/changes.ts';
import { byGain, gainOf, joinBatches } from '../../domain/funnel/gains.ts';
import type { ChangeBatch, Gain } from '../../domain/funnel/gains.ts';
import type { UserLosses } from '../../domain/losses.ts';
import { changedQuery } from '../../domain/query-change.ts';
import { maxWeight } from '../../domain/query.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { readsModel } from '../../domain/sources.ts';
import { audienceBatch } from '../../engine/audience.ts';
import { nearDuplicates } from '../../engine/funnel/near-duplicates.ts';
import type { LossQuestion } from '../../engine/losses.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { UserTask } from '../users/jobs.ts';
import type { UserWorkers } from '../users/workers.ts';

/** Groups of which the best weight is run over all users, those that regain most of the nearest. */
const mostGroups = 2;
/** Ads that are named among those that left most lists. */
const topAds = 5;

export interface GainQuestion {
  /** Settings are changed from these; the user is of no matter. */
  readonly query: RecallQuery;
  readonly questions: readonly LossQuestion[];
  readonly rows: readonly UserLosses[];
  readonly adIds: readonly string[];
  readonly seed: number;
  readonly workers: number | undefined;
  /** The line that asks the same of the changed query. */
  readonly commandOf: (query: RecallQuery) => string;
}

export interface Gains {
  readonly changes: readonly FunnelGain[];
  readonly notRun: readonly NotRun[];
}

/** The changes of the stated list, each run over all users, best first. Throws `cancelled`. */
export const runChanges = async (threads: UserWorkers, workspace: Workspace, asked: GainQuestion): Promise<Gains> => {
  const { query, rows, adIds, questions, seed } = asked;
  const plan = planChanges({
    query,
    rows,
    adCount: workspace.catalog.adCount,
    duplicates: duplicatesOf(workspace, adIds),
  });
  const weights = await bestWeights(threads, workspace, asked);
  const changes = [...plan.changes, ...weights.changes];
  const notRun = [...plan.notRun, ...weights.notRun];
  if (changes.length === 0) return { changes: [], notRun };
  const batch = await runAll(threads, asked, { changes, questions, stage: 'changes' });
  const gains = changes
    .map((change, c) => ({ change, gain: gainOf(batch, c, { top: topAds, seed }) }))
    .sort((a, b) => byGain(a.gain, b.gain));
  return { changes: gains.map(({ change, gain }) => toAnswer(asked, change, gain)), notRun };
};

const toAnswer = ({ query, commandOf }: GainQuestion, change: FunnelChange, gain: Gain): FunnelGain => {
  const changed = change.type === 'without-duplicates' || change.type === 'lift' ? null : changedQuery(query, change);
  return {
    change,
    command: changed === null ? null : commandOf(changed),
    query: changed,
    verified: true,
    ...gain,
  };
};

/** Ads of the campaigns in question that are near-identical to one that stays; the first of each kind by id stays. */
const duplicatesOf = ({ catalog, engine: { core } }: Workspace, adIds: readonly string[]): string[] => {
  const kept = adIds.flatMap((adId) => catalog.ordinalOf(adId) ?? []);
  const campaigns = new Set(catalog.ads(kept).flatMap(({ campaign }) => campaign ?? []));
  const among = kept.length === 1 ? [...campaigns].flatMap((campaign) => [...catalog.inCampaign(campaign)]) : kept;
  return nearDuplicates(core.deps, kept, among).map((ordinal) => catalog.idOf(ordinal));
};

/** The weights that regain most of the users to whom the model is nearest, one a group: the whole grid is run for those. */
const bestWeights = async (threads: UserWorkers, workspace: Workspace, asked: GainQuestion): Promise<ChangePlan> => {
  const { query, questions, rows, seed } = asked;
  const none = (why: string): ChangePlan => ({ changes: [], notRun: [{ kind: 'weight', why }] });
  if (!readsModel(query)) return none(`mode ${query.mode} does not read the weights`);
  if (workspace.abilities?.weights !== true) return none('the model cannot be asked with other weights');
  const nearest = new Set(nearestToModel(rows, nearestUsers));
  if (nearest.size === 0) return none('the model ranks these ads below the cutoff for no user who lacks them');
  const grid = weightGrid(
    query,
    workspace.settings.groups.map(({ name }) => name),
    maxWeight,
  );
  const batch = await runAll(threads, asked, {
    changes: grid,
    questions: questions.filter(({ query: { userId } }) => nearest.has(userId)),
    stage: 'weights',
  });
  const gains = grid
    .map((change, c) => ({ change, gain: gainOf(batch, c, { top: 0, seed }) }))
    .filter(({ gain }) => gain.regained > 0)
    .sort((a, b) => byGain(a.gain, b.gain));
  const groups = new Set<string>();
  const best = gains.filter(({ change }) => {
    if (change.type !== 'weight' || groups.has(change.group)) return false;
    groups.add(change.group);
    return groups.size <= mostGroups;
  });
  return best.length === 0
    ? none(`no weight of the grid regains any of the ${nearest.size} users to whom the model is nearest`)
    : { changes: best.map(({ change }) => change), notRun: [] };
};

const runAll = async (
  threads: UserWorkers,
  { workers }: GainQuestion,
  run: {
    readonly changes: readonly FunnelChange[];
    readonly questions: readonly LossQuestion[];
    readonly stage: string;
  },
): Promise<ChangeBatch> => {
  const { changes, questions, stage } = run;
  const tasks = Array.from({ length: Math.ceil(questions.length / audienceBatch) }, (_, i): UserTask => ({
    kind: 'changes',
    changes,
    questions: questions.slice(i * audienceBatch, (i + 1) * audienceBatch),
  }));
  const ran = await threads.run({ tasks, users: questions.length, workers, stage });
  return joinBatches(
    ran.rows.flatMap((batch) => (batch.kind === 'changes' ? [batch] : [])),
    changes.length,
  );
};
