import type Database from 'better-sqlite3';
import { lazy } from '../../base/lazy.ts';
import { byCodeUnit } from '../../base/order.ts';
import { RecallError } from '../../errors.ts';
import type { Ad, EligibilityColumns, Targeting } from '../../domain/ads.ts';
import type { AdCatalog } from '../../engine/ports/ports.ts';
import { cellJson } from './cell-json.ts';
import { nearestIds } from './nearest-ids.ts';
import { idList, type IdList } from './id-list.ts';
import { packedNames, type PackedReader } from './packed.ts';
import type { TableNames } from './schema.ts';

interface AdRow {
  ordinal: number;
  id: string;
  title: string;
  category: string;
  brand: string;
  price: number | null;
  campaign: string | null;
  start_at: number | null;
  end_at: number | null;
  budget_left: number | null;
  targeting: string | null;
}

/** `{"city":["tier-1"]}`; single values are read as lists of one, anything else as no condition. */
export const parseTargeting = (json: string): Targeting => {
  const parsed = cellJson(json, 'ads.targeting');
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).map(([attribute, values]: [string, unknown]) => [
      attribute,
      Array.isArray(values) ? values.map(String) : [String(values)],
    ]),
  );
};

const toAd = (row: AdRow): Ad => ({
  adId: row.id,
  ordinal: row.ordinal,
  title: row.title,
  category: row.category,
  brand: row.brand,
  price: row.price,
  campaign: row.campaign,
  startAt: row.start_at,
  endAt: row.end_at,
  budgetLeft: row.budget_left,
  targeting: row.targeting === null ? null : parseTargeting(row.targeting),
});

/** Ordinals grouped by category: `ordinals.subarray(starts[c], starts[c + 1])`, ascending. */
const groupByCategory = (adCategory: Int32Array, categories: number): { starts: Uint32Array; ordinals: Int32Array } => {
  const starts = new Uint32Array(categories + 1);
  for (const category of adCategory) starts[category + 1] = (starts[category + 1] ?? 0) + 1;
  for (let c = 0; c < categories; c++) starts[c + 1] = (starts[c + 1] ?? 0) + (starts[c] ?? 0);
  const next = starts.slice();
  const ordinals = new Int32Array(adCategory.length);
  adCategory.forEach((category, ordinal) => {
    const slot = next[category] ?? 0;
    ordinals[slot] = ordinal;
    next[category] = slot + 1;
  });
  return { starts, ordinals };
};

/** The parts of the catalog that the other readers of the sample share. */
export interface CategoryColumns {
  readonly categories: readonly string[];
  readonly adCategory: Int32Array;
}

const noRow = (ordinal: number, count: number): RecallError =>
  new RecallError('bad-sample', 'the sample has no row for an ad that it counts', {
    expected: `a row for each of ${count} ads`,
    found: `none for ordinal ${ordinal}`,
    todo: 'import the sample again, or remove what was derived from a mapped file (the folder mapped of the cache)',
  });

const cachedAds = 4_096;

export const openCatalog = (
  db: Database.Database,
  packed: PackedReader,
  count: number,
  names: TableNames,
): { catalog: AdCatalog; ids: () => IdList; categories: () => CategoryColumns } => {
  const ids = lazy(() => idList(packed.bytes(packedNames.adIds), packed.uint32(packedNames.adIdEnds, count)));
  const categories = lazy(() => ({
    categories: packed.strings(packedNames.categories),
    adCategory: packed.int32(packedNames.adCategory, count),
  }));
  const grouped = lazy(() => groupByCategory(categories().adCategory, categories().categories.length));
  const categoryIds = lazy(() => new Map(categories().categories.map((category, i) => [category, i])));
  const columns = lazy((): EligibilityColumns => ({
    startAt: packed.float64(packedNames.startAt, count),
    endAt: packed.float64(packedNames.endAt, count),
    budgetLeft: packed.float64(packedNames.budgetLeft, count),
    targetingId: packed.int32(packedNames.adTargeting, count),
    targetings: packed.strings(packedNames.targetings).map(parseTargeting),
  }));
  const byOrdinal = lazy(() => db.prepare<[number], AdRow>(`SELECT * FROM ${names.ads} WHERE ordinal = ?`));
  const page = lazy(() =>
    db.prepare<[number, number], AdRow>(`SELECT * FROM ${names.ads} WHERE ordinal >= ? ORDER BY ordinal LIMIT ?`),
  );
  const matching = lazy(() =>
    db.prepare<[string, string, number, number], AdRow>(
      `SELECT * FROM ${names.ads} WHERE instr(lower(id), lower(?)) > 0 OR instr(lower(title), lower(?)) > 0 ORDER BY ordinal LIMIT ? OFFSET ?`,
    ),
  );
  const containing = lazy(() =>
    db
      .prepare<[string], string>(`SELECT id FROM ${names.ads} WHERE instr(id, ?) > 0 ORDER BY ordinal LIMIT 200`)
      .pluck(),
  );
  const inCampaign = lazy(() =>
    db.prepare<[string], number>(`SELECT ordinal FROM ${names.ads} WHERE campaign = ? ORDER BY ordinal`).pluck(),
  );
  const kept = new Map<number, Ad>();
  const ad = (ordinal: number): Ad => {
    const known = kept.get(ordinal);
    if (known !== undefined) return known;
    const row = byOrdinal().get(ordinal);
    if (row === undefined) throw noRow(ordinal, count);
    if (kept.size >= cachedAds) kept.clear();
    const read = toAd(row);
    kept.set(ordinal, read);
    return read;
  };

  const catalog: AdCatalog = {
    adCount: count,
    get columns() {
      return columns();
    },
    idOf: (ordinal) => ids().at(ordinal),
    ordinalOf: (adId) => ids().find(adId),
    ads: (ordinals) => Array.from(ordinals, ad),
    suggestAds: (adId, limit) => nearestIds(ids(), adId, limit, adId === '' ? [] : containing().all(adId)),
    listAds: ({ match, limit, offset = 0 }) =>
      (match === undefined || match === ''
        ? page().all(offset, limit)
        : matching().all(match, match, limit, offset)
      ).map(toAd),
    inCategory: (category) => {
      const id = categoryIds().get(category);
      if (id === undefined) return new Int32Array(0);
      const { starts, ordinals } = grouped();
      return ordinals.subarray(starts[id], starts[id + 1]);
    },
    inCampaign: (campaign) => Int32Array.from(inCampaign().all(campaign)),
    campaigns: () =>
      db
        .prepare<[], string>(`SELECT DISTINCT campaign FROM ${names.ads} WHERE campaign IS NOT NULL`)
        .pluck()
        .all()
        .sort(byCodeUnit),
    categoryOf: (ordinal) => categories().categories[categories().adCategory[ordinal] ?? -1] ?? '',
  };
  return { catalog, ids, categories };
};
