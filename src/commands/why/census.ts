import { byCodeUnit } from '../../base/order.ts';
import type { CensusRow, CensusData } from '../../answers/why.ts';
import type { Ad } from '../../domain/ads.ts';
import type { Factories } from '../../workspace/factories.ts';
import { RecallError } from '../../errors.ts';
import { unreachableAds } from '../../workspace/unreachable.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { numberArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { lacksIndex } from '../../console/needs.ts';

/** How many ads no search can visit; null without an index. */
export const unreachableCount = async (
  workspace: Pick<Workspace, 'fingerprints' | 'graph'>,
  files: Partial<Factories['files']>,
): Promise<number | null> => (await unreachableAds(workspace, files))?.length ?? null;

/** Ads that no search can visit, whatever its user and ef. Throws `unsupported` without an index. */
export const censusData = async (
  workspace: Workspace,
  files: Partial<Factories['files']>,
  limit: number,
): Promise<CensusData> => {
  const { catalog, index } = workspace;
  if (workspace.noWalk !== null)
    throw new RecallError('unsupported', `unreachable ads cannot be counted: ${workspace.noWalk}`, {
      todo: 'nothing: a search that walks no graph can miss no ad for want of links',
    });
  const unreachable = await unreachableAds(workspace, files);
  if (unreachable === null || index === null)
    throw new RecallError('unsupported', 'this workspace has no index', { todo: 'recall-tui index DIR' });
  const ads = catalog.ads(unreachable);
  return {
    ads: index.size - (index.elements?.deleted ?? 0),
    unreachable: ads.length,
    deleted: { nodes: index.elements?.deleted ?? 0, adIds: namesOf(workspace, 2, limit).adIds },
    withoutNode: namesOf(workspace, 0, limit),
    examples: ads.slice(0, limit).map(({ adId, title, campaign, category }) => ({ adId, title, campaign, category })),
    byCampaign: counted(ads, (ad) => ad.campaign ?? '(none)'),
    byCategory: counted(ads, (ad) => ad.category || '(none)'),
  };
};

/** The ads whose element is in this state: how many, and the first of them. */
const namesOf = (
  { catalog, index }: Pick<Workspace, 'catalog' | 'index'>,
  state: number,
  limit: number,
): { ads: number; adIds: string[] } => {
  const ordinals = Array.from(index?.elements?.states.entries() ?? []).flatMap(([ordinal, of]) =>
    of === state ? [ordinal] : [],
  );
  return { ads: ordinals.length, adIds: ordinals.slice(0, limit).map((ordinal) => catalog.idOf(ordinal)) };
};

const counted = (ads: readonly Ad[], nameOf: (ad: Ad) => string): CensusRow[] => {
  const counts = new Map<string, number>();
  for (const ad of ads) counts.set(nameOf(ad), (counts.get(nameOf(ad)) ?? 0) + 1);
  return [...counts]
    .map(([name, unreachable]) => ({ name, unreachable }))
    .sort((a, b) => b.unreachable - a.unreachable || byCodeUnit(a.name, b.name));
};

export const censusCommand: Command<'census'> = {
  id: 'census',
  title: 'Count the ads that no search can reach',
  doc: 'Counts the ads of the index that no search can visit at any ef, by campaign and category: no chain of links leads to them from any node where a search can start. Also names the ads that are marked as deleted in the index, and those without a node.',
  family: 'why',
  needs: 'workspace',
  when: ({ hasIndex }) => hasIndex || lacksIndex(),
  args: [{ name: 'limit', type: 'int', default: 20, unit: 'ads', doc: 'Examples to show.' }],
  examples: ['census', 'census --limit 100 --json'],
  run: async (context, args) => {
    const data = await censusData(
      await context.workspace(),
      context.tools.files,
      Math.max(0, numberArg(args, 'limit') ?? 20),
    );
    return { schema: 'census', data };
  },
};
