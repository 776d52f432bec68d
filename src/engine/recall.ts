import type { MergeOutcome, Provenance } from '../domain/merge.ts';
import { channelNames } from '../domain/query.ts';
import type { ChannelName, RecallQuery } from '../domain/query.ts';
import type { AnnReport, Candidate, ChannelHit, RecallResult } from '../domain/result.ts';
import { RecallError } from '../errors.ts';
import { approximately, unreadOf } from './abilities.ts';
import type { ChannelRun, EncodedUser, EngineCore } from './core.ts';
import type { RecallOptions } from './engine.ts';
import { channelStage, eligibleStage, mergeStages } from './funnel.ts';
import { findLeaks } from './leaks.ts';
import { readsModel, type Source } from '../domain/sources.ts';
import { checkedQuery, retrieve } from './retrieve.ts';
import { timer } from './timer.ts';

/**
 * The result of a query (docs/design.md, "One value in, one value out"): eligible ads → channels → merge → cutoff.
 * Throws `unknown-user`, `usage` for a query out of bounds, `unknown-event`, `unsupported` where the mode's
 * one channel does not exist in the workspace, `cancelled`.
 */
export const recall = async (
  core: EngineCore,
  asked: RecallQuery,
  options: RecallOptions = {},
): Promise<RecallResult> => {
  const time = timer(core.deps.clock);
  const query = checkedQuery(core, asked);
  const eligible = eligibleStage(core, query);
  time.lap('eligible');
  const encoded = await encode(core, query);
  time.lap('encode');
  const { sources, runs, merged } = await retrieve(core, query, {
    signal: options.signal,
    lap: (stage) => {
      time.lap(stage);
    },
  });
  const candidates = toCandidates(core, merged, runs, encoded.vector);
  time.lap('merge');
  const ann = await annReport(core, query, runs, encoded.vector, options);
  time.lap('check');
  const last = candidates[query.k - 1];
  const leaks = findLeaks(core, query, runs, encoded.builtUntil);
  return {
    query,
    candidates,
    cutoff: last === undefined ? null : last.score,
    funnel: [
      eligible,
      ...runs.map((run) => channelStage(run, merged.emitted.get(run.channel) ?? 0)),
      ...mergeStages(merged),
    ],
    ann,
    leak: leaks.length > 0,
    leaks,
    userVector: encoded.vector === null ? null : plainArray(encoded.vector),
    silent: silentChannels(query, sources, runs),
    notices: [...encoded.notices, ...runs.flatMap((run) => run.notices)],
    approximations: encoded.approximations,
    timingsMs: time.done(),
  };
};

/** `Array.from` walks a typed array by its iterator: a hundredth of a whole recall. */
const plainArray = (vector: Float32Array): number[] => {
  const plain: number[] = [];
  for (let d = 0; d < vector.length; d += 1) plain.push(vector[d] ?? 0);
  return plain;
};

interface Encoded {
  readonly vector: Float32Array | null;
  readonly builtUntil: number | null;
  readonly notices: readonly string[];
  readonly approximations: readonly string[];
}

/**
 * u for the model channel and for every candidate's modelScore. Where only the latter needs it, weights
 * that leave no direction cost the modelScores, never the list: weights do not affect legacy or i2i.
 */
const encode = async (core: EngineCore, query: RecallQuery): Promise<Encoded> => {
  const user = await core.encode(query);
  if (user === null) return { vector: null, builtUntil: null, notices: [], approximations: [] };
  const notices = inputNotices(user, query);
  const { builtUntil } = user.encoder;
  try {
    return {
      vector: await core.userVector(query),
      builtUntil,
      notices,
      approximations: approximately(user.encoder, query),
    };
  } catch (error) {
    if (readsModel(query) || !(error instanceof RecallError) || error.code !== 'unsupported') throw error;
    return { vector: null, builtUntil, notices: [...notices, `no model scores: ${error.message}`], approximations: [] };
  }
};

/** Notices about parts of the user or the query that do not reach the model. */
const inputNotices = ({ encoder, encoder: { groups }, encodings }: EncodedUser, query: RecallQuery): string[] => {
  const silent =
    groups.some(({ source }) => isBehaviour(source)) &&
    !encodings.present.some((present, g) => present && isBehaviour(groups[g]?.source));
  return [
    ...unreadOf(encoder, query),
    ...(silent
      ? ['no behaviour before as-of reaches the model: it answers from its bias, context and trends alone']
      : []),
  ];
};

const isBehaviour = (source: string | undefined): boolean => source === 'events' || source === 'social';

const toCandidates = (
  core: EngineCore,
  { ads }: MergeOutcome,
  runs: readonly ChannelRun[],
  vector: Float32Array | null,
): Candidate[] => {
  const {
    deps,
    deps: { catalog },
  } = core;
  const hitOf = hitsOf(runs);
  const scores = vector === null ? null : scoresFor(core, ads, runs, vector);
  return ads.map(({ ordinal, via, provenance }, i) => {
    const channels = provenance.map(hitOf);
    const placed = channels.length === 1 ? channels[0] : channels.find((hit) => hit.channel === via);
    return {
      rank: i + 1,
      adId: catalog.idOf(ordinal),
      ordinal,
      score: placed?.score ?? 0,
      via,
      modelScore: deps.vectors?.present?.[ordinal] === 0 ? null : (scores?.[i] ?? null),
      channels,
    };
  });
};

/** The channel's evidence for the ad at one place of its list. */
const hitsOf =
  (runs: readonly ChannelRun[]): ((place: Provenance) => ChannelHit) =>
  ({ channel, position }) => {
    const hit = runOf(runs, channel)?.hits[position];
    if (hit === undefined)
      throw new RecallError(
        'internal',
        `the merge names place ${position + 1} of ${channel}, which emitted no such ad`,
      );
    return { channel, rank: position + 1, score: hit.score, evidence: hit.evidence };
  };

/** At most seven of them: a loop, not a map. */
const runOf = (runs: readonly ChannelRun[], channel: ChannelName): ChannelRun | undefined => {
  for (const run of runs) if (run.channel === channel) return run;
  return undefined;
};

/** ⟨u, v⟩ of the merged ads: the model channel's own scores where it found the ad, else from the vectors. */
const scoresFor = (
  core: EngineCore,
  ads: MergeOutcome['ads'],
  runs: readonly ChannelRun[],
  vector: Float32Array,
): ArrayLike<number> | null => {
  const model = runOf(runs, 'model');
  const found = new Float64Array(ads.length).fill(Number.NaN);
  if (model !== undefined) {
    ads.forEach(({ provenance }, i) => {
      for (const { channel, position } of provenance)
        if (channel === 'model') found[i] = model.hits[position]?.score ?? Number.NaN;
    });
  }
  if (!found.includes(Number.NaN)) return found;
  const computed = core.modelScores(
    vector,
    ads.map((ad) => ad.ordinal),
  );
  return computed?.map((score, i) => (Number.isNaN(found[i]) ? score : (found[i] ?? score))) ?? null;
};

const annReport = async (
  core: EngineCore,
  query: RecallQuery,
  runs: readonly ChannelRun[],
  vector: Float32Array | null,
  options: RecallOptions,
): Promise<AnnReport | null> => {
  const run = runs.find(({ channel }) => channel === 'model');
  const ann = run?.ann ?? null;
  if (options.checkAnn !== true || ann === null || run === undefined || vector === null) return ann;
  const { scan, catalog } = core.deps;
  if (scan === null)
    throw new RecallError(
      'unsupported',
      'the index cannot be checked: this workspace has no vectors for the exact scan',
    );
  const exact = Array.from(
    (await scan.topK(vector, Math.min(query.k, catalog.adCount), core.mask(query) ?? undefined)).ordinals,
  );
  const returned = new Set(run.hits.slice(0, query.k).map((hit) => hit.ordinal));
  const missed = exact.filter((ordinal) => !returned.has(ordinal));
  return {
    ...ann,
    recallAtK: exact.length === 0 ? 1 : 1 - missed.length / exact.length,
    missed: missed.map((ordinal) => catalog.idOf(ordinal)),
  };
};

/** Why channels of this mode gave nothing: they had nothing to work on, are disabled, or have no quota. */
const silentChannels = (
  query: RecallQuery,
  sources: readonly Source[],
  runs: readonly ChannelRun[],
): RecallResult['silent'] => {
  const { mode, disabled, rules, merge } = query;
  const silent: Partial<Record<ChannelName, string>> = {};
  for (const channel of channelNames) {
    const order: readonly ChannelName[] = mode === 'legacy' ? rules.order : mode === 'merged' ? merge.order : [mode];
    if (!order.includes(channel)) continue;
    const reason = runs.find((run) => run.channel === channel)?.silent;
    if (typeof reason === 'string') silent[channel] = reason;
    else if (disabled.includes(channel)) silent[channel] = 'disabled by the query';
    else if (!sources.some((source) => source.channel === channel)) silent[channel] = 'its quota is 0';
  }
  return silent;
};
