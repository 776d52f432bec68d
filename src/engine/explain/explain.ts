import { byStrength, explanationTree, headlineOf } from '../../domain/explanation.ts';
import type { Explanation, ProducingChannel } from '../../domain/explanation.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { approximately } from '../abilities.ts';
import type { Engine } from '../engine.ts';
import { attributeEvents, eventParts } from './events.ts';
import type { EventOptions } from './events.ts';
import type { UserEncoder } from '../ports/ports.ts';
import { attributeGroups, columnOf, groupParts } from './groups.ts';
import { nearestBehaviours } from './nearest.ts';
import { producingChannels } from './producing-channels.ts';
import { ordinalOfAd } from './vectors.ts';

export interface ExplainOptions extends EventOptions {
  /** false: groups only, no re-encoding. */
  readonly events?: boolean;
  /** How many nearest behaviours are listed. */
  readonly nearest?: number;
}

/**
 * Why this ad scores what it scores for this query: modelScore = baseline + Σφ + residual over the groups,
 * and within each group over its inputs. Works for any ad with a vector, recalled or not.
 * Throws `unknown-ad`, `unknown-user`, `unsupported` (no model, no vector), `cancelled`.
 */
export const explain = async (
  engine: Engine,
  query: RecallQuery,
  adId: string,
  options: ExplainOptions = {},
): Promise<Explanation> => {
  const { core } = engine;
  const ordinal = ordinalOfAd(core.deps, adId);
  const { candidates } = await engine.recall(query, options.signal === undefined ? {} : { signal: options.signal });
  const candidate = candidates.find((one) => one.adId === adId) ?? null;
  const attribution = await attributeGroups(core, query, [ordinal]);
  const { encoder } = attribution.encoded;
  const byEvent = options.events !== false && encoder.abilities.events === true;
  const valued = byEvent ? await attributeEvents(attribution, options) : [];
  const groups = groupParts(attribution, columnOf(attribution.phi, 1, 0));
  const events = !byEvent ? [] : eventParts(attribution, valued, 0).sort(byStrength);
  const parts = {
    score: attribution.scores[0] ?? 0,
    baseline: attribution.baselines[0] ?? 0,
    residual: attribution.residuals[0] ?? 0,
    groups,
    events,
  };
  return {
    query,
    adId,
    ordinal,
    rank: candidate?.rank ?? null,
    placed: candidate === null ? null : { via: candidate.via, score: candidate.score },
    ...parts,
    methods: valued.map((group) => group.method),
    nearest: nearestBehaviours(core, query, ordinal, options.nearest ?? 5),
    channels: placedFirst(await producingChannels(core, query, ordinal, candidate), candidate?.via),
    headline: headlineOf(groups, events),
    approximations: [
      ...approximately(encoder, query, byEvent ? ['groups', 'events'] : ['groups']),
      ...unvaluedNotices(encoder),
    ],
    tree: explanationTree(parts),
  };
};

const placedFirst = (channels: readonly ProducingChannel[], via: string | undefined): ProducingChannel[] => [
  ...channels.filter(({ channel }) => channel === via),
  ...channels.filter(({ channel }) => channel !== via),
];

/** Notices where a group's φ cannot be divided among its behaviours. */
export const unvaluedNotices = ({ abilities: { events } }: UserEncoder): string[] =>
  events === true ? [] : [`behaviours are not valued: ${events}`];
