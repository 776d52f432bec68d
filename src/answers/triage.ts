import type { TriageTotals } from '../domain/triage.ts';

export interface TriageData extends TriageTotals {
  /** The file the rows are in; null: they were handed out as they came. */
  readonly out: string | null;
  /** Rows that the file had already. */
  readonly kept: number;
  /** A repair was looked for. */
  readonly repairs: boolean;
  /** Worker threads that ran; 0: none. */
  readonly workers: number;
}
