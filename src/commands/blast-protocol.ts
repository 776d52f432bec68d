import type { BlastRow } from '../domain/blast.ts';
import type { BlastChange } from '../engine/blast.ts';
import type { PlainError } from '../errors.ts';

/** What a blast worker is started with. */
export interface BlastStart { readonly dir: string; readonly change: BlastChange }

export interface BlastTask { readonly users: readonly string[] }

export type BlastReply = { readonly rows: readonly BlastRow[] } | { readonly error: PlainError };
