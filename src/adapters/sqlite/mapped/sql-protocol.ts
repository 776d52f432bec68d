import type { SampleMapping, TableSource } from '../../../domain/sample/mapping.ts';
import type { ServedColumns } from '../../../domain/served/columns.ts';
import type { ServedFault, ServedRequest } from '../../../domain/served/served.ts';
import type { PlainError } from '../../../errors.ts';

/** Served lists, their errors in plain form. */
export interface PlainLog {
  readonly requests: readonly ServedRequest[];
  readonly faults: ReadonlyArray<Omit<ServedFault, 'error'> & { readonly error: PlainError }>;
}

/** What is run in a process of its own, and its answers. */
export type SqlTask =
  | { readonly kind: 'derive'; readonly path: string; readonly mapping: SampleMapping; readonly out: string }
  | { readonly kind: 'served'; readonly path: string; readonly from: TableSource; readonly columns: ServedColumns };

export type SqlReply =
  /** The SELECTs and views that are read: they may have no end. */
  | { readonly kind: 'statements'; readonly statements: readonly string[] }
  | { readonly kind: 'progress'; readonly stage: string; readonly done: number; readonly total: number | null }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: PlainError };
