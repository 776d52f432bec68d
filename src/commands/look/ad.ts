import type { Neighbour, AdData } from '../../answers/look.ts';
import type { Ad } from '../../domain/ads.ts';
import { dropCodes, dropReasons, reasonOf } from '../../domain/eligibility.ts';
import { cosineOf, dotOf } from '../../domain/metric.ts';
import { byScoreThenId } from '../../base/order.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { isLive } from '../../engine/live-scan.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { flagArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { Command, CommandContext } from '../../console/command.ts';
import { queryFromArgs } from '../query/args.ts';
import { lacksAd } from '../../console/needs.ts';

const duplicateCosine = 0.95;
const duplicateDepth = 200;

/** The ad of an id; `unknown-ad` names the nearest ids. */
export const findAd = (workspace: Workspace, adId: string): Ad => {
  const ordinal = workspace.catalog.ordinalOf(adId);
  const ad = ordinal === null ? undefined : workspace.catalog.ads([ordinal])[0];
  if (ad !== undefined) return ad;
  const near = workspace.catalog.suggestAds(adId, 3);
  throw new RecallError('unknown-ad', `unknown ad "${adId}"`, {
    expected: `one of ${workspace.catalog.adCount} ad ids`,
    found: 'no ad with this id',
    todo:
      near.length === 0
        ? 'recall-tui ads lists them'
        : `did you mean ${near.map((id) => `"${id}"`).join(' or ')}? recall-tui ads WORDS searches`,
  });
};

/** The stored vector of an ad; null where it has none. */
const rowOf = ({ vectors }: Workspace, ordinal: number): Float32Array | null =>
  vectors !== null && ordinal < vectors.count && vectors.present?.[ordinal] !== 0
    ? vectors.data.subarray(ordinal * vectors.dim, (ordinal + 1) * vectors.dim)
    : null;

const neighboursOf = (
  workspace: Workspace,
  ordinals: ArrayLike<number>,
  similarities: ArrayLike<number>,
): Neighbour[] => {
  const ads = workspace.catalog.ads(ordinals);
  return ads.map((ad, i) => ({
    adId: ad.adId,
    title: ad.title,
    campaign: ad.campaign,
    similarity: similarities[i] ?? 0,
  }));
};

const byVector = async (workspace: Workspace, ad: Ad, vector: Float32Array): Promise<Neighbour[]> => {
  const { scan, vectors, manifest } = workspace;
  if (vectors === null || scan === null) return [];
  // Only among rows of one length is the best score the smallest angle.
  const unit = vectors.space === 'cosine' || manifest.vectors?.normalised === true;
  const found = unit ? Array.from((await scan.topK(vector, duplicateDepth + 1)).ordinals) : byAngle(workspace, vector);
  const near = found.filter((ordinal) => ordinal !== ad.ordinal);
  return neighboursOf(
    workspace,
    near,
    near.map((ordinal) => cosineOf(vector, rowOf(workspace, ordinal) ?? [])),
  ).sort((a, b) => b.similarity - a.similarity);
};

/** The ordinals of the nearest rows by cosine, over all rows. */
const byAngle = (workspace: Workspace, vector: Float32Array): number[] => {
  const scored = Array.from({ length: workspace.vectors?.count ?? 0 }, (_, ordinal) => ({
    ordinal,
    row: rowOf(workspace, ordinal),
  })).flatMap(({ ordinal, row }) => (row === null ? [] : [{ ordinal, score: cosineOf(vector, row) }]));
  return scored
    .sort(byScoreThenId)
    .slice(0, duplicateDepth + 1)
    .map(({ ordinal }) => ordinal);
};

const eligibilityOf = (
  workspace: Workspace,
  ad: Ad,
  query: RecallQuery | null,
  asOf: number,
): AdData['eligibility'] => {
  const reason =
    query === null
      ? reasonOf(
          dropCodes({
            rules: { ...workspace.settings.eligibility, targeting: false, alreadyBought: null, frequencyCap: null },
            columns: workspace.catalog.columns,
            adCount: workspace.catalog.adCount,
            asOf,
            attributes: {},
            history: [],
            ordinalOf: (id) => workspace.catalog.ordinalOf(id),
          })[ad.ordinal],
        )
      : workspace.engine.core.dropReason(query, ad.ordinal);
  return {
    asOf,
    userId: query?.userId ?? null,
    eligible: reason === null,
    reason: reason === null ? null : (dropReasons.find((r) => r === reason) ?? null),
  };
};

const vectorOf = async (
  workspace: Workspace,
  ad: Ad,
  stored: Float32Array | null,
  asOf: number,
  fresh: boolean,
): Promise<AdData['vector']> => {
  if (stored === null) return null;
  const builtUntil = workspace.manifest.model?.builtUntil ?? null;
  const encoder = fresh ? await workspace.adEncoder() : null;
  const now = encoder === null ? null : await encoder.encodeAds([ad]);
  const norm = Math.sqrt(dotOf(stored, stored));
  return {
    dim: stored.length,
    norm,
    builtUntil,
    ageMs: builtUntil === null ? null : asOf - builtUntil,
    freshCosine: now === null || norm === 0 ? null : cosineOf(stored, now),
    indexed: workspace.index !== null && isLive(workspace.index, ad.ordinal),
    deleted: workspace.index?.elements?.states[ad.ordinal] === 2,
  };
};

/** Everything known of one ad, for the query's user and as-of where there is one. */
export const adData = async (
  workspace: Workspace,
  adId: string,
  query: RecallQuery | null,
  options: { asOf: number; neighbours: number; fresh: boolean },
): Promise<AdData> => {
  const ad = findAd(workspace, adId);
  const { i2i } = workspace;
  const stored = rowOf(workspace, ad.ordinal);
  const near = stored === null ? [] : await byVector(workspace, ad, stored);
  const together = i2i?.neighbours(ad.ordinal);
  return {
    ad,
    eligibility: eligibilityOf(workspace, ad, query, options.asOf),
    vector: await vectorOf(workspace, ad, stored, options.asOf, options.fresh),
    neighbours: near.slice(0, options.neighbours),
    nearDuplicates: near.filter((n) => n.similarity >= duplicateCosine),
    i2i:
      together === undefined
        ? []
        : neighboursOf(
            workspace,
            together.ordinals.slice(0, options.neighbours),
            together.similarities.slice(0, options.neighbours),
          ),
  };
};

const queryOf = async (context: CommandContext, args: Parameters<Command['run']>[1]): Promise<RecallQuery | null> => {
  const user = textArg(args, 'user');
  const asked = user !== undefined || textArg(args, 'query') !== undefined || context.baseQuery !== null;
  return asked ? queryFromArgs(context, args, user) : null;
};

export const adCommand: Command<'ad'> = {
  id: 'ad',
  title: 'Show an ad',
  doc: 'Shows an ad: its fields, whether it is eligible (with --user, for that user), the norm and age of its vector, its nearest ads by vector and by co-occurrence, and its near-duplicates.',
  family: 'look',
  needs: 'workspace',
  takesQuery: true,
  keys: ['d'],
  when: ({ adId }) => adId !== null || lacksAd(),
  args: [
    { name: 'ad', type: 'ad', position: 0, required: true, doc: 'The ad.' },
    { name: 'user', type: 'user', doc: 'Judge eligibility for this user.' },
    { name: 'neighbours', type: 'int', default: 10, unit: 'ads', doc: 'Maximum number of neighbours of each sort.' },
    { name: 'fresh', type: 'flag', doc: 'Encode the ad again and compare with the stored vector.' },
  ],
  examples: ['ad ad-13377', 'ad ad-13377 --user u-00412 --fresh'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryOf(context, args);
    const { manifest, clock } = workspace;
    const asOf = query?.asOf ?? numberArg(args, 'at') ?? manifest.asOf ?? manifest.model?.builtUntil ?? clock.now();
    const data = await adData(workspace, textArg(args, 'ad') ?? '', query, {
      asOf,
      neighbours: Math.max(0, numberArg(args, 'neighbours') ?? 10),
      fresh: flagArg(args, 'fresh'),
    });
    return { schema: 'ad', ...(query === null ? {} : { query }), data };
  },
};
