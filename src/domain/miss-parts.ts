import { byCodeUnit } from '../base/order.ts';
import type { Loss, LossDetail } from './losses.ts';
import { answered, isRecalled, reasonKey, resamples, type InSteps, type MissRow } from './misses.ts';
import { bootstrapRatio, type Interval } from './significance.ts';
import type { VerdictName } from './verdict.ts';

/** A part of the pairs: of users by segment, of ads by category, age, or how much they are behaved with. */
export interface MissPart {
  readonly by: 'segment' | 'category' | 'age' | 'popularity';
  readonly field: string;
  readonly value: string;
  readonly users: number;
  readonly pairs: number;
  /** In the list. */
  readonly recalled: number;
  readonly share: number;
  readonly ci95: Interval;
  /** Pairs by reason, most first, `recalled` left out. */
  readonly reasons: ReadonlyArray<{
    readonly reason: VerdictName;
    readonly detail: LossDetail | null;
    readonly pairs: number;
  }>;
}

/** The parts that a pair belongs to. */
export type FactsOf = (
  row: MissRow,
  loss: Loss,
) => ReadonlyArray<readonly [by: MissPart['by'], field: string, value: string]>;

interface Part {
  readonly by: MissPart['by'];
  readonly field: string;
  readonly value: string;
  readonly users: Map<string, { pairs: number; hits: number }>;
  readonly reasons: Map<string, { readonly loss: Loss; pairs: number }>;
}

const collect = (rows: readonly MissRow[], factsOf: FactsOf): Part[] => {
  const parts = new Map<string, Part>();
  for (const row of rows)
    for (const loss of row.losses)
      for (const [by, field, value] of factsOf(row, loss)) {
        const key = JSON.stringify([by, field, value]);
        const part: Part = parts.get(key) ?? { by, field, value, users: new Map(), reasons: new Map() };
        parts.set(key, part);
        const user = part.users.get(row.userId) ?? { pairs: 0, hits: 0 };
        part.users.set(row.userId, { pairs: user.pairs + 1, hits: user.hits + (isRecalled(loss) ? 1 : 0) });
        const reason = part.reasons.get(reasonKey(loss)) ?? { loss, pairs: 0 };
        part.reasons.set(reasonKey(loss), { loss, pairs: reason.pairs + 1 });
      }
  return [...parts.values()];
};

const order: ReadonlyArray<MissPart['by']> = ['segment', 'category', 'age', 'popularity'];

const partOf = ({ by, field, value, users, reasons }: Part, seed: number): MissPart => {
  const counts = [...users.values()];
  const pairs = counts.reduce((sum, user) => sum + user.pairs, 0);
  const recalled = counts.reduce((sum, user) => sum + user.hits, 0);
  return {
    by,
    field,
    value,
    users: users.size,
    pairs,
    recalled,
    share: recalled / pairs,
    ci95: bootstrapRatio(
      counts.map((user) => user.hits),
      counts.map((user) => user.pairs),
      { seed, resamples: resamples / 2 },
    ),
    reasons: [...reasons.values()]
      .filter(({ loss }) => !isRecalled(loss))
      .map(({ loss, pairs: n }) => ({ reason: loss.verdict, detail: loss.detail, pairs: n }))
      .sort(
        (a, b) => b.pairs - a.pairs || byCodeUnit(a.reason, b.reason) || byCodeUnit(a.detail ?? '', b.detail ?? ''),
      ),
  };
};

/** Every part with its share in the list and its reasons: by kind of part and field, then most misses first. */
export function* missParts(all: readonly MissRow[], factsOf: FactsOf, seed: number): InSteps<MissPart[]> {
  const parts: MissPart[] = [];
  for (const part of collect(answered(all), factsOf)) {
    yield;
    parts.push(partOf(part, seed));
  }
  return parts.sort(
    (a, b) =>
      order.indexOf(a.by) - order.indexOf(b.by) ||
      byCodeUnit(a.field, b.field) ||
      b.pairs - b.recalled - (a.pairs - a.recalled) ||
      byCodeUnit(a.value, b.value),
  );
}
