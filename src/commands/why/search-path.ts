import type { PathHop, SearchPathData } from '../../answers/why.ts';
import type { EligibilityMask } from '../../domain/ads.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { efCertificate } from '../../engine/ef-certificate.ts';
import { labelOf } from '../../engine/live-scan.ts';
import { checkedQuery } from '../../engine/retrieve.ts';
import { RecallError } from '../../errors.ts';
import type { AdIndex, IndexGraph, SearchHop, SearchTrace } from '../../engine/ports/ports.ts';
import { hasRow } from '../../engine/explain/vectors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { saidOfModel } from '../../console/abilities.ts';
import { queryFromArgs } from '../query/args.ts';
import { lacksAd, lacksIndex, lacksModel, lacksUser } from '../../console/needs.ts';

/**
 * The native search of a query replayed towards one ad. Throws `unsupported` without model or index, `unknown-ad` for
 * one that the sample or the index does not have.
 */
export const searchPathData = async (
  workspace: Workspace,
  asked: RecallQuery,
  adId: string,
): Promise<SearchPathData> => {
  const query = checkedQuery(workspace.engine.core, asked);
  const { catalog, index } = workspace;
  const ordinal = catalog.ordinalOf(adId);
  if (ordinal === null) throw unknownAd(workspace, adId);
  if (workspace.noWalk !== null)
    throw new RecallError('unsupported', `the search has no path: ${workspace.noWalk}`, {
      todo: 'ask why-not: it compares the list with the exact neighbours',
    });
  const graph = (await workspace.graph?.()) ?? null;
  const vector = await workspace.engine.core.userVector(query);
  if (graph === null || index === null || vector === null)
    throw new RecallError('unsupported', 'a search path needs a model and an index', {
      todo: 'recall-tui train DIR, then recall-tui index DIR',
    });
  if (!graph.has(ordinal)) throw noNode(workspace, ordinal, index);
  const mask = workspace.engine.core.mask(query) ?? undefined;
  const k = Math.min(query.k, index.size);
  const effectiveEf = Math.max(query.ef, k);
  const trace = graph.trace(vector, { k, ef: effectiveEf, target: ordinal, ...(mask === undefined ? {} : { mask }) });
  const native = await index.search(vector, k, effectiveEf, mask);
  const reach = await certify(workspace, graph, index, { vector, ordinal, k, mask }, trace);
  const path = toData(workspace, graph, trace, ordinal);
  return {
    ...path,
    labels: labelsOf(workspace, index, path),
    label: labelOf(index, ordinal) ?? String(ordinal),
    deleted: isDeleted(index, ordinal),
    ...reach,
    effectiveEf,
    nativeAgrees: sameOrdinals(trace, native.ordinals),
  };
};

const sameOrdinals = (trace: SearchTrace, ordinals: Int32Array): boolean =>
  trace.result.length === ordinals.length &&
  new Set([...trace.result.map((hop) => hop.ordinal), ...ordinals]).size === ordinals.length;

interface Question {
  readonly vector: Float32Array;
  readonly ordinal: number;
  readonly k: number;
  readonly mask: EligibilityMask | undefined;
}

const isDeleted = ({ elements }: AdIndex, ordinal: number): boolean => elements?.states[ordinal] === 2;

const certify = async (
  { engine: { core } }: Workspace,
  graph: IndexGraph,
  index: AdIndex,
  question: Question,
  { target, result }: SearchTrace,
): Promise<Pick<SearchPathData, 'smallestEf' | 'reachable' | 'why' | 'ties'>> => {
  const { vector, ordinal, k, mask } = question;
  const reachable = graph.reaches(vector, ordinal);
  const ties = result.filter((hop) => hop.node !== target?.node && hop.distance === target?.distance).length;
  const never = (why: string): Pick<SearchPathData, 'smallestEf' | 'reachable' | 'why' | 'ties'> => ({
    smallestEf: null,
    reachable,
    why,
    ties,
  });
  if (mask !== undefined && mask.bits[ordinal] !== 1)
    return never('the ad is not eligible for this query: the index never returns it');
  if (isDeleted(index, ordinal))
    return never('the ad is marked as deleted in the index: searches pass through it and never return it');
  if (!reachable) return never('no chain of links leads to the ad from where this search lands');
  const exact = hasRow(core.deps, ordinal) ? await core.deps.scan?.rankOf(vector, ordinal, mask) : undefined;
  const { certificate, ranTo } = await efCertificate(index, graph, {
    ...question,
    emitted: k,
    within: exact !== undefined && exact.rank <= k,
  });
  if (certificate !== null) return { smallestEf: certificate, reachable, why: null, ties };
  const nearer =
    ties === 0
      ? `a broader search does come to the ad, but ${k} nearer ads hold the list`
      : `a broader search does come to the ad, but ${k} ads at least as near hold the list, ${ties} of them exactly as near`;
  return never(ranTo === null ? nearer : `${nearer}; every ef from ${k} to ${ranTo} was run`);
};

/** Labels of the ads that the path names. */
const labelsOf = (
  { catalog }: Workspace,
  index: AdIndex,
  { adId, entry, landing, hops, stoppedAt, inNeighbours }: ReturnType<typeof toData>,
): SearchPathData['labels'] => {
  const named = [
    adId,
    ...[entry, landing, ...hops, ...(stoppedAt === null ? [] : [stoppedAt.candidate])].map((hop) => hop.adId),
    ...inNeighbours.map((from) => from.adId),
  ];
  return [...new Set(named)].flatMap((id): Array<readonly [string, string]> => {
    const ordinal = catalog.ordinalOf(id);
    const label = ordinal === null ? null : labelOf(index, ordinal);
    return label === null ? [] : [[label, id]];
  });
};

const toData = (
  { catalog }: Workspace,
  graph: IndexGraph,
  trace: SearchTrace,
  ordinal: number,
): Omit<
  SearchPathData,
  'smallestEf' | 'reachable' | 'why' | 'ties' | 'effectiveEf' | 'nativeAgrees' | 'label' | 'labels' | 'deleted'
> => {
  const hop = ({ level, node, ordinal: at, distance }: SearchHop): PathHop => ({
    level,
    node,
    adId: at < 0 ? '(an ad the sample does not have)' : catalog.idOf(at),
    distance,
  });
  const expanded = new Set(trace.hops.filter((one) => one.level === 0).map((one) => one.ordinal));
  const [ad] = catalog.ads([ordinal]);
  return {
    adId: catalog.idOf(ordinal),
    title: ad?.title ?? '',
    distance: trace.target?.distance ?? Number.NaN,
    met: trace.target?.visited ?? false,
    inBeam: trace.target?.inBeam ?? false,
    rank: trace.target?.rank ?? null,
    entry: hop(trace.entry),
    landing: hop(trace.landing),
    hops: trace.hops.map(hop),
    visited: trace.visited,
    stoppedAt:
      trace.stoppedAt === null ? null : { candidate: hop(trace.stoppedAt.candidate), bound: trace.stoppedAt.bound },
    inNeighbours: Array.from(graph.inNeighbours(ordinal), (from) => ({
      adId: catalog.idOf(from),
      expanded: expanded.has(from),
    })),
  };
};

/** By id, with the reason `why-not` gives: an index made again of the same vectors lacks the ad again. */
const noNode = ({ catalog, engine }: Workspace, ordinal: number, index: AdIndex): RecallError => {
  const adId = catalog.idOf(ordinal);
  const vector = hasRow(engine.core.deps, ordinal);
  return new RecallError(
    'unknown-ad',
    `the ad ${adId} is not in the index: ${vector ? 'no node stands for it' : 'the vectors file has no row for it'}`,
    {
      expected: `one of the ${index.size} ads of ${index.path}`,
      found: adId,
      todo: vector
        ? 'build the index again from the vectors; until then only the rules can find it'
        : `give ${adId} a row in the ad vectors, then build the index from them; until then only the rules can find it`,
    },
  );
};

const unknownAd = ({ catalog }: Workspace, adId: string): RecallError => {
  const near = catalog.suggestAds(adId, 3);
  return new RecallError('unknown-ad', `no ad ${JSON.stringify(adId)}`, {
    ...(near.length === 0 ? {} : { todo: `did you mean ${near.join(', ')}?` }),
  });
};

export const searchPathCommand: Command<'search-path'> = {
  id: 'search-path',
  title: 'Trace the index search for an ad',
  doc: 'Replays the HNSW search from the index file: entry point, descent by level, nodes expanded, where it stopped, which links would have led to the ad, and the smallest ef at which the native index finds it.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  keys: ['p'],
  when: ({ userId, adId, hasModel, hasIndex }) => {
    if (userId === null) return lacksUser();
    if (adId === null) return lacksAd();
    return hasModel ? hasIndex || lacksIndex() : lacksModel();
  },
  args: [
    { name: 'user', type: 'user', position: 0, required: true, doc: 'The user.' },
    { name: 'ad', type: 'ad', position: 1, required: true, doc: 'The ad to look for.' },
  ],
  examples: ['search-path u-00412 ad-00017', 'search-path u-00412 ad-00017 -k 50 --ef 50'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const adId = textArg(args, 'ad');
    if (adId === undefined) throw new RecallError('usage', 'no ad', { expected: 'search-path USER AD' });
    const started = performance.now();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const data = await searchPathData(workspace, query, adId);
    const approximations = await saidOfModel(workspace, [query]);
    return {
      schema: 'search-path',
      query,
      data: { ...data, approximations },
      timingsMs: { total: performance.now() - started },
    };
  },
};
