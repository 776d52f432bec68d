import { didYouMean } from '../../base/nearest.ts';
import type { FunnelSubject } from '../../answers/funnel.ts';
import { inCategory } from '../../domain/filter/category.ts';
import type { AdCatalog } from '../../engine/ports/ports.ts';
import { RecallError } from '../../errors.ts';
import { ordinalOfAd } from '../../engine/explain/vectors.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** `campaign:c-0412`, `category:家电`, `cat:家电`, or an ad's id; an id that has a colon is an ad first. */
export const subjectOf = (workspace: Workspace, text: string): FunnelSubject => {
  const { catalog } = workspace;
  const [, field = '', name = ''] = /^(campaign|category|cat):(.*)$/su.exec(text) ?? [];
  if (field === '' || catalog.ordinalOf(text) !== null) return oneAd(workspace, text);
  const kind = field === 'campaign' ? 'campaign' : 'category';
  if (name === '') throw noName(catalog, kind);
  const ordinals = kind === 'campaign' ? [...catalog.inCampaign(name)] : withinCategory(catalog, name);
  if (ordinals.length === 0) throw noAds(catalog, kind, name);
  const adIds = ordinals.map((ordinal) => catalog.idOf(ordinal));
  return { kind, name, title: null, campaign: kind === 'campaign' ? name : null, ads: adIds.length, adIds };
};

const oneAd = (workspace: Workspace, adId: string): FunnelSubject => {
  const [ad] = workspace.catalog.ads([ordinalOfAd(workspace, adId)]);
  return { kind: 'ad', name: adId, title: ad?.title ?? '', campaign: ad?.campaign ?? null, ads: 1, adIds: [adId] };
};

/** As `cat:` in every filter, each path judged once. */
const withinCategory = (catalog: AdCatalog, name: string): number[] => {
  const known = new Map<string, boolean>();
  return Array.from({ length: catalog.adCount }, (_, ordinal) => ordinal).filter((ordinal) => {
    const path = catalog.categoryOf(ordinal);
    const holds = known.get(path) ?? inCategory(path, name);
    known.set(path, holds);
    return holds;
  });
};

const noName = (catalog: AdCatalog, kind: 'campaign' | 'category'): RecallError =>
  new RecallError('usage', `no name after ${kind}:`, {
    expected: `${kind}:${kind === 'campaign' ? 'NAME' : 'PART'}`,
    ...(kind === 'campaign' ? { todo: `for example ${catalog.campaigns().slice(0, 3).join(', ')}` } : {}),
  });

const noAds = (catalog: AdCatalog, kind: 'campaign' | 'category', name: string): RecallError => {
  const hint = kind === 'campaign' ? didYouMean(name, catalog.campaigns()) : '';
  return new RecallError('unknown-ad', `no ad has the ${kind} ${JSON.stringify(name)}`, {
    expected: 'an ad id, campaign:NAME or category:PART',
    ...(hint === '' ? {} : { todo: hint }),
  });
};
