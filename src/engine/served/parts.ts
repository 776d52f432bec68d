import { dropReasons } from '../../domain/eligibility.ts';
import type { DropReason } from '../../domain/ads.ts';
import type { ServedCause } from '../../domain/served/served.ts';

/** One way in which the run behind a served list can differ from the run here. */
export type Part =
  /** A filter not applied: to the served ads it drops, or (`whole`) to any ad. */
  | { readonly type: 'lift'; readonly reason: DropReason; readonly whole: boolean }
  /** `range`: the breadths found to give the served list. */
  | { readonly type: 'ef'; readonly ef: number; readonly range?: { readonly from: number; readonly to: number } }
  /** Behaviour before `asOf` only; `held`: with the context of the request. */
  | { readonly type: 'age'; readonly asOf: number; readonly held: boolean };

/** The drop reasons that the request's time decides; the others follow from the present sample. */
const settledByTime: ReadonlySet<DropReason> = new Set<DropReason>([
  'not-started',
  'ended',
  'targeting',
  'already-bought',
  'frequency-cap',
]);

/** The part as the cause it is, for a request at `at`. */
export const causeOfPart = (part: Part, at: number): ServedCause => {
  switch (part.type) {
    case 'lift':
      return { type: settledByTime.has(part.reason) ? 'not-eligible-then' : 'not-eligible-now', reason: part.reason };
    case 'ef':
      return { type: 'another-ef', ef: part.ef, from: part.range?.from ?? part.ef, to: part.range?.to ?? part.ef };
    case 'age':
      return { type: 'feature-age', asOf: part.asOf, ageMs: at - part.asOf, context: part.held ? 'request' : 'then' };
  }
};

/** Equal for parts that ask for the same run. */
export const keyOf = (parts: readonly Part[]): string =>
  JSON.stringify(parts.map((part) => (part.type === 'ef' ? { type: part.type, ef: part.ef } : part)));

/** The reasons in a set of bits (`dropBits`), in the order in which ads are charged. */
export const reasonsIn = (bits: number): DropReason[] => dropReasons.filter((_, i) => (bits & (1 << i)) !== 0);

/** Drop codes (`dropCodes`) with these filters lifted: an ad comes in only where every filter that drops it is. */
export const codesWithout = (
  bits: Uint8Array,
  lifted: ReadonlyArray<Extract<Part, { type: 'lift' }>>,
  served: ReadonlySet<number>,
): Uint8Array => {
  const bitOf = ({ reason }: { reason: DropReason }): number => 1 << dropReasons.indexOf(reason);
  const anywhere = lifted.filter(({ whole }) => whole).reduce((sum, part) => sum | bitOf(part), 0);
  const forServed = lifted.reduce((sum, part) => sum | bitOf(part), 0);
  return bits.map((own, ordinal) => {
    const left = own & ~(served.has(ordinal) ? forServed : anywhere);
    // The lowest bit left is the filter charged; 32 − clz32 is its place, from 1.
    return left === 0 ? 0 : 32 - Math.clz32(left & -left);
  });
};
