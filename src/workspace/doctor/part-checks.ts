import { z } from 'zod';
import { percent } from '../../base/percent.ts';
import type { AdCatalog, AdVectors } from '../../engine/ports/ports.ts';
import type { DerivedSample } from '../../engine/ports/artefacts.ts';
import type { Factories } from '../factories.ts';
import { attempt, verdict } from './check.ts';
import type { Check } from './check.ts';
import { coverageNotice } from '../coverage.ts';
import { openVectors } from '../vectors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { openSampleOf } from '../open-sample.ts';
import type { SampleOfWorkspace } from '../open-sample.ts';
import { placeOf } from '../places.ts';

/** The sample opens, holds as many rows as the manifest says, and its ordinals are the ids in code-unit order. */
export const checkSample = async (
  dir: string,
  { sample, import: imported }: Manifest,
  tools: Factories,
): Promise<{ opened: SampleOfWorkspace | null; checks: Check[] }> => {
  if (sample === null)
    return { opened: null, checks: [verdict('sample', false, 'a sample of users', 'none in the manifest')] };
  let opened: SampleOfWorkspace | null = null;
  const counts = await attempt(
    'sample',
    `${sample.users} users, ${sample.ads} ads, ${sample.events} events`,
    async () => {
      opened = await openSampleOf(dir, sample, tools);
      const { store, catalog } = opened;
      return {
        ok: store.userCount === sample.users && catalog.adCount === sample.ads && store.eventCount === sample.events,
        found: `${store.userCount} users, ${catalog.adCount} ads, ${store.eventCount} events`,
      };
    },
  );
  return {
    opened,
    checks: [
      counts,
      ...(opened === null
        ? []
        : [
            await checkContents(opened),
            checkIds(catalogOf(opened)),
            await checkCells(opened),
            ...checkDerived(opened),
            ...checkImported(sample, imported),
          ]),
    ],
  };
};

const partOf = (part: number, whole: number): string => percent(part / Math.max(1, whole), { decimals: 1 });

const emptiedText = (emptied: Readonly<Record<string, number>>): string => {
  const cells = Object.entries(emptied).map(([cell, n]) => `${n} of ${cell}`);
  return cells.length === 0 ? '' : `; cells that cannot be read and count as empty: ${cells.join(', ')}`;
};

/** Rows that were read from a table or a file, and what became of them. */
const checkRows = ({ table, read, kept, rejected, emptied }: DerivedSample['tables'][number]): Check => {
  const reasons = Object.entries(rejected).map(([reason, n]) => `${n} ${reason}`);
  return verdict(
    `rows of ${table}`,
    read === 0 || kept > read / 2,
    'most rows kept',
    `${kept} of ${read} kept${reasons.length === 0 ? '' : ` (${partOf(read - kept, read)} rejected: ${reasons.join(', ')})`}${emptiedText(emptied)}`,
  );
};

const counts = z.record(z.string(), z.number());
const importedRows = z.array(
  z.looseObject({ file: z.string(), read: z.number(), kept: z.number(), rejected: counts, emptied: counts }),
);

/** Checks of an imported sample: what the import kept of each file. Imports of earlier versions did not count. */
const checkImported = (sample: Manifest['sample'], imported: Manifest['import']): Check[] => {
  const rows = importedRows.safeParse(sample?.kind === 'native' ? imported?.['rows'] : undefined);
  return rows.success ? rows.data.map(({ file, ...row }) => checkRows({ ...row, table: file })) : [];
};

/** Checks of a mapped file: the counts of its rows, and whether its times are plausible. */
const checkDerived = ({ derived }: SampleOfWorkspace): Check[] => {
  if (derived === undefined) return [];
  const rows = derived.tables.map(checkRows);
  return derived.span === null ? rows : [...rows, checkTimes(derived.span, derived)];
};

const mostOdd = 0.05;

/**
 * Seconds read as ms all fall into January 1970, ms read as seconds into the distant future. A few such values are what
 * a table says for "never" or "for ever".
 */
const checkTimes = (
  { from, until }: { from: number; until: number },
  { oddTimes, counts }: Pick<DerivedSample, 'oddTimes' | 'counts'>,
): Check => {
  const iso = (at: number): string => new Date(at).toISOString();
  return verdict(
    'event times',
    oddTimes <= mostOdd * counts.events,
    'times after April 1970 and before 2100; more than a few others mean a wrong unit',
    `${iso(from)} … ${iso(until)}${oddTimes === 0 ? '' : `; ${oddTimes} of ${counts.events} not between these years`}`,
  );
};

const catalogOf = ({ catalog }: SampleOfWorkspace): AdCatalog => catalog;

/** What is packed beside the tables, and every page: a command reads some of both. */
const checkContents = (opened: SampleOfWorkspace): Promise<Check> =>
  attempt('sample contents', 'pages and packed columns as they were written', () => {
    opened.check({ pages: true });
    return Promise.resolve({ ok: true, found: 'so' });
  });

/** Every user and every ad is read as the commands read them: a cell that cannot be read stops some of them. */
const checkCells = ({ store, catalog }: SampleOfWorkspace): Promise<Check> =>
  attempt('cells of users and ads', 'lists and attributes that can be read', () => {
    for (const userId of store.userIds()) store.user(userId);
    for (let from = 0; from < catalog.adCount; from += adsAtOnce)
      catalog.ads(Array.from({ length: Math.min(adsAtOnce, catalog.adCount - from) }, (_, i) => from + i));
    return Promise.resolve({ ok: true, found: 'so' });
  });

const adsAtOnce = 1000;

/** Ids unique and ordinals in their code-unit order are one check: each id is above the one before. */
const checkIds = (catalog: AdCatalog): Check => {
  const expected = `${catalog.adCount} unique ids, ordinals in code-unit order`;
  for (let ordinal = 0; ordinal < catalog.adCount; ordinal++) {
    const id = catalog.idOf(ordinal);
    if (catalog.ordinalOf(id) !== ordinal)
      return verdict(
        'ad ids',
        false,
        expected,
        `${JSON.stringify(id)} is ordinal ${ordinal} and ${String(catalog.ordinalOf(id))}`,
      );
    if (ordinal > 0 && !(catalog.idOf(ordinal - 1) < id))
      return verdict(
        'ad ids',
        false,
        expected,
        `${JSON.stringify(id)} after ${JSON.stringify(catalog.idOf(ordinal - 1))}`,
      );
  }
  return verdict('ad ids', true, expected, 'so');
};

const normTolerance = 1e-3;

/** The ad vectors: size, every value finite (checked while reading), every row of norm 1. */
export const checkVectors = async (
  dir: string,
  manifest: Manifest,
  tools: Factories,
  catalog: AdCatalog | null,
): Promise<{ vectors: AdVectors | null; checks: Check[] }> => {
  const { vectors } = manifest;
  if (vectors === null)
    return { vectors: null, checks: [verdict('ad vectors', true, 'none', 'none; the channel model is silent')] };
  let read: AdVectors | null = null;
  const size = await attempt('ad vectors', `${vectors.count} × ${vectors.dim} finite float32`, async () => {
    const opened = catalog === null ? null : await openVectors(dir, manifest, catalog, tools);
    const rows = opened?.vectors ?? (await tools.files.readMatrix(placeOf(dir, vectors.file), { raw: vectors }));
    read = rows;
    return {
      ok: true,
      found: `${vectors.count} × ${vectors.dim} finite float32${opened?.coverage == null ? '' : `; ${coverageNotice(opened.coverage)}`}${zerosIn(rows, catalog)}`,
    };
  });
  return { vectors: read, checks: [size, ...(read === null || !vectors.normalised ? [] : [checkNorms(read)])] };
};

/** Rows of zeros are legal, and most often a failed embedding: they are named. */
const zerosIn = ({ count, dim, data, present }: AdVectors, catalog: AdCatalog | null): string => {
  const rows: number[] = [];
  for (let row = 0; row < count; row++)
    if (present?.[row] !== 0 && data.subarray(row * dim, (row + 1) * dim).every((x) => x === 0)) rows.push(row);
  if (rows.length === 0) return '';
  const named = rows.slice(0, 5).map((row) => catalog?.idOf(row) ?? `row ${row}`);
  return `; ${rows.length} of zeros: ${named.join(', ')}${rows.length > named.length ? ', …' : ''}`;
};

const checkNorms = ({ count, dim, data, present }: AdVectors): Check => {
  let [worst, at] = [0, 0];
  for (let row = 0; row < count; row++) {
    if (present?.[row] === 0) continue;
    let sum = 0;
    for (let i = row * dim; i < (row + 1) * dim; i++) sum += (data[i] ?? 0) * (data[i] ?? 0);
    const off = Math.abs(Math.sqrt(sum) - 1);
    if (off > worst) [worst, at] = [off, row];
  }
  return verdict(
    'normalised',
    worst <= normTolerance,
    `every norm within ${normTolerance} of 1`,
    `largest difference ${worst.toExponential(1)} (row ${at})`,
  );
};
