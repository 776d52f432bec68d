import type { GateCheck } from '../domain/gate.ts';

export interface GateData {
  readonly a: { readonly dir: string; readonly name: string };
  readonly b: { readonly dir: string; readonly name: string };
  /** What differs between them. */
  readonly differing: ReadonlyArray<{ readonly unit: string; readonly title: string }>;
  readonly users: number;
  /** B may replace A: no check objects. */
  readonly accepted: boolean;
  readonly objections: number;
  readonly checks: readonly GateCheck[];
  /** Golden sets that were taken from A's or B's own answers: they show what changed, not what is right. */
  readonly circular: readonly string[];
}
