import type { UserInputs } from '../domain/groups.ts';
import { termOf, thingsOf } from '../domain/tower/pool.ts';
import type { Thing, poolLayout } from '../domain/tower/pool.ts';
import { growable } from './growable.ts';

/**
 * Samples in columns. Sample s has, for each group g, the terms offsets[s·G+g] … offsets[s·G+g+1]:
 * what is looked up (`thing`: ads by ordinal, then texts and fields as numbered by `thingNumber`), and
 * the indices of its pooling logarithms.
 */
export interface SampleColumns {
  readonly groups: number;
  readonly count: number;
  readonly targets: Int32Array;
  readonly offsets: Uint32Array;
  readonly thing: Uint32Array;
  readonly position: Uint16Array;
  readonly kind: Uint16Array;
  readonly age: Uint16Array;
  readonly strength: Float32Array;
}

export interface SampleWriter {
  readonly count: number;
  add(inputs: UserInputs, target: number): void;
  build(): SampleColumns;
}

/** `thingNumber` gives null for an ad that is not in the catalogue. */
export const sampleColumns = (
  layout: ReturnType<typeof poolLayout>,
  thingNumber: (thing: Thing) => number | null,
): SampleWriter => {
  const targets = growable((n) => new Int32Array(n));
  const offsets = growable((n) => new Uint32Array(n));
  const thing = growable((n) => new Uint32Array(n));
  const position = growable((n) => new Uint16Array(n));
  const kind = growable((n) => new Uint16Array(n));
  const age = growable((n) => new Uint16Array(n));
  const strength = growable((n) => new Float32Array(n));
  offsets.push(0);
  return {
    get count() {
      return targets.length;
    },
    add: (inputs, target) => {
      targets.push(target);
      layout.groups.forEach((group, g) => {
        inputs.groups[g]?.items.forEach((item, slot) => {
          const term = termOf(group, item, slot);
          for (const looked of thingsOf(item)) {
            const number = thingNumber(looked);
            if (number === null) continue;
            thing.push(number);
            position.push(term.position);
            kind.push(term.kind);
            age.push(term.age);
            strength.push(term.strength);
          }
        });
        offsets.push(thing.length);
      });
    },
    build: () => ({
      groups: layout.groups.length,
      count: targets.length,
      targets: targets.values(),
      offsets: offsets.values(),
      thing: thing.values(),
      position: position.values(),
      kind: kind.values(),
      age: age.values(),
      strength: strength.values(),
    }),
  };
};
