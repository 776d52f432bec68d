import type { BehaviourEvent } from '../../domain/events.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { EngineCore } from '../core.ts';
import { behaviourKinds } from '../history.ts';
import { categoryOfAd } from './category-of-ad.ts';

/** Behaviours before as-of by category, the category met last first. */
export const categoryCounts = (core: EngineCore, query: RecallQuery): ReadonlyMap<string, number> => {
  const { events, from } = core.place(query);
  if (query.extraEvents.length === 0 && events.length > longHistory)
    return countNumbers(numberedOf(core, events), from);
  const categoryOf = categoryReader(core);
  const counts = new Map<string, number>();
  for (const event of core.history(query)) {
    const category = categoryOf(event);
    if (category !== '') counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return counts;
};

/** The events of longer ones are given the numbers of their categories once, for all instants that are asked about. */
const longHistory = 4096;

const categoryReader = (core: EngineCore): ((event: BehaviourEvent) => string) => {
  const kinds = behaviourKinds(core.deps.settings);
  return ({ adId, kind }) => (kinds.has(kind) ? categoryOfAd(core, adId) : '');
};

interface Numbered {
  readonly names: readonly string[];
  /** By place among the events; −1: none. */
  readonly numbers: Int32Array;
}

const numbered = new WeakMap<readonly BehaviourEvent[], Numbered>();

const numberedOf = (core: EngineCore, events: readonly BehaviourEvent[]): Numbered => {
  const known = numbered.get(events);
  if (known !== undefined) return known;
  const categoryOf = categoryReader(core);
  const byName = new Map<string, number>([['', -1]]);
  const numbers = Int32Array.from(events, (event) => {
    const category = categoryOf(event);
    const number = byName.get(category) ?? byName.size - 1;
    byName.set(category, number);
    return number;
  });
  const made = { names: [...byName.keys()].slice(1), numbers };
  numbered.set(events, made);
  return made;
};

const countNumbers = ({ names, numbers }: Numbered, from: number): ReadonlyMap<string, number> => {
  const sums = new Uint32Array(names.length);
  const met: number[] = [];
  for (let i = from; i < numbers.length; i += 1) {
    const number = numbers[i] ?? -1;
    if (number < 0) continue;
    if (sums[number] === 0) met.push(number);
    sums[number] = (sums[number] ?? 0) + 1;
  }
  return new Map(met.map((number) => [names[number] ?? '', sums[number] ?? 0]));
};
