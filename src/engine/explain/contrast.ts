import { byStrength, explanationTree } from '../../domain/explanation.ts';
import type { Contrast, EventPart } from '../../domain/explanation.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { approximately } from '../abilities.ts';
import type { Engine } from '../engine.ts';
import { attributeEvents, eventParts } from './events.ts';
import type { EventOptions } from './events.ts';
import { attributeGroups, columnOf, groupParts } from './groups.ts';
import { unvaluedNotices } from './explain.ts';
import { producingChannels } from './producing-channels.ts';
import { ordinalOfAd } from './vectors.ts';

/**
 * Why A scores above (or below) B: differences by group and input that sum to the difference of the two
 * model scores. Both ads are valued by the same coalitions and, where sampled, the same permutations; the
 * standard error of a difference is bounded by the sum of the two.
 */
export const contrast = async (
  engine: Engine,
  query: RecallQuery,
  adA: string,
  adB: string,
  options: EventOptions = {},
): Promise<Contrast> => {
  const { core } = engine;
  const ordinals = [ordinalOfAd(core.deps, adA), ordinalOfAd(core.deps, adB)] as const;
  const { candidates } = await engine.recall(query, options.signal === undefined ? {} : { signal: options.signal });
  const [inA, inB] = [adA, adB].map((adId) => candidates.find((one) => one.adId === adId) ?? null);
  const attribution = await attributeGroups(core, query, ordinals);
  const { encoder } = attribution.encoded;
  const byEvent = encoder.abilities.events === true;
  const valued = byEvent ? await attributeEvents(attribution, options) : [];
  const difference = (values: ArrayLike<number>): number => (values[0] ?? 0) - (values[1] ?? 0);
  const [phiA, phiB] = [columnOf(attribution.phi, 2, 0), columnOf(attribution.phi, 2, 1)];
  const groups = groupParts(
    attribution,
    phiA.map((phi, g) => phi - (phiB[g] ?? 0)),
  );
  const events = byEvent
    ? differences(eventParts(attribution, valued, 0), eventParts(attribution, valued, 1)).sort(byStrength)
    : [];
  const parts = {
    score: difference(attribution.scores),
    baseline: difference(attribution.baselines),
    residual: difference(attribution.residuals),
    groups,
    events,
  };
  return {
    query,
    a: { adId: adA, rank: inA?.rank ?? null, score: attribution.scores[0] ?? 0 },
    b: { adId: adB, rank: inB?.rank ?? null, score: attribution.scores[1] ?? 0 },
    ...parts,
    methods: valued.map((group) => group.method),
    channels: {
      a: await producingChannels(core, query, ordinals[0], inA ?? null),
      b: await producingChannels(core, query, ordinals[1], inB ?? null),
    },
    approximations: [
      ...approximately(encoder, query, byEvent ? ['groups', 'events'] : ['groups']),
      ...unvaluedNotices(encoder),
    ],
    tree: { ...explanationTree(parts), label: 'modelScore difference' },
  };
};

/** Same inputs in the same order on both sides. */
const differences = (a: readonly EventPart[], b: readonly EventPart[]): EventPart[] =>
  a.map((part, i) => ({ ...part, phi: part.phi - (b[i]?.phi ?? 0), stderr: part.stderr + (b[i]?.stderr ?? 0) }));
