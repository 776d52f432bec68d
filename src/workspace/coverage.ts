import type { AdCatalog } from '../engine/ports/ports.ts';

/** Ads without a vector or a place in the index, and vectors or places without an ad; examples are ids. */
export interface Coverage {
  readonly what: 'vectors' | 'index';
  readonly adsWithout: number;
  readonly withoutAd: number;
  readonly examples: readonly string[];
  /** Nodes of the index that are marked as deleted; absent: none. */
  readonly deleted?: { readonly nodes: number; readonly examples: readonly string[] };
}

/** The ads that a column by ordinal marks 0: how many, and the ids of the first three. */
export const countAbsent = (catalog: AdCatalog, present: Uint8Array): { adsWithout: number; examples: string[] } => {
  const absent = Array.from(present.keys()).filter((ordinal) => present[ordinal] === 0);
  return { adsWithout: absent.length, examples: absent.slice(0, 3).map((ordinal) => catalog.idOf(ordinal)) };
};

const lacked = { vectors: 'vector', index: 'node in the index', both: 'vector and no node in the index' } as const;
const strays = {
  vectors: 'vectors are',
  index: 'nodes of the index are',
  both: 'vectors and as many nodes of the index are',
} as const;

/** One line for the notices of a workspace. */
export const coverageNotice = ({
  what,
  adsWithout,
  withoutAd,
  examples,
  deleted,
}: Omit<Coverage, 'what'> & { readonly what: keyof typeof lacked }): string =>
  [
    ...(adsWithout === 0
      ? []
      : [
          `${adsWithout} ads have no ${lacked[what]} (${examples.join(', ')}${adsWithout > examples.length ? ', …' : ''}): the model channel cannot recall them`,
        ]),
    ...(withoutAd === 0 ? [] : [`${withoutAd} ${strays[what]} of ads the sample does not have: never returned`]),
    ...(deleted === undefined ? [] : [deletedNotice(deleted)]),
  ].join('; ');

const deletedNotice = ({ nodes, examples }: NonNullable<Coverage['deleted']>): string =>
  `${nodes} nodes of the index are marked as deleted${examples.length === 0 ? '' : ` (${examples.join(', ')}${nodes > examples.length ? ', …' : ''})`}: no search returns them`;

/** The notices of vectors and index; one where the same ads are in neither, all of them named. */
export const coverageNotices = (all: readonly Coverage[]): string[] => {
  const [a, b] = all;
  const same =
    a !== undefined &&
    b !== undefined &&
    a.adsWithout === b.adsWithout &&
    a.withoutAd === b.withoutAd &&
    a.adsWithout <= a.examples.length &&
    a.examples.join('\n') === b.examples.join('\n');
  return same ? [coverageNotice({ ...a, ...b, what: 'both' })] : all.map((one) => coverageNotice(one));
};
