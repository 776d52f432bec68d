import { servedCauses } from './served.ts';
import type { ServedRow } from './served.ts';

export interface CauseCount {
  readonly cause: (typeof servedCauses)[number];
  readonly ads: number;
}

/** Differences by cause, in the order of the causes; those that occur. */
export const causeCounts = (rows: readonly ServedRow[]): CauseCount[] =>
  servedCauses
    .map((cause) => ({ cause, ads: rows.filter((row) => row.cause?.type === cause).length }))
    .filter(({ ads }) => ads > 0);
