import type { Abilities } from './abilities.ts';
import { allAbilities } from './abilities.ts';
import type { GroupName, GroupSpec } from './groups.ts';

/**
 * The source of one named input of a graph made elsewhere. Sequences have `length` slots, newest first, slot i for the
 * group's item i; a slot without an item, or with one knocked out, holds `absent`, and so does a whole group taken out.
 * - `ads`: line number of the ad in the vocabulary (from `first`); `kinds`: place in `kinds` + 1; `ages`: age in
 * `unitMs`, log1p where `log`;
 * - `mask`: 1 where the slot holds an item; `event-weights`: the group's weight there; `weight`: the group's weight,
 * one number;
 * - `tokens`: vocabulary lines of the words of the group's texts, in order; `token-mask`: 1 where they stand;
 * `token-weights`: the group's weight there;
 * - `value`: the number of a context field; `choice`: the vocabulary line of its text.
 */
export interface ExternalInput {
  readonly reads:
    | 'ads'
    | 'kinds'
    | 'ages'
    | 'mask'
    | 'event-weights'
    | 'weight'
    | 'tokens'
    | 'token-mask'
    | 'token-weights'
    | 'value'
    | 'choice';
  readonly group: GroupName;
  readonly length: number;
  /** For `ads`, `tokens`, `choice`: a text file, one entry per line. */
  readonly vocabulary: string | null;
  /** Number of the vocabulary's first line. */
  readonly first: number;
  /** The number of an entry that the vocabulary lacks. */
  readonly unknown: number;
  readonly absent: number;
  readonly kinds: readonly string[];
  readonly unitMs: number;
  readonly log: boolean;
  /** For `value` and `choice`: the context field. */
  readonly field: string | null;
}

export interface TfjsSpec {
  readonly kind: 'tfjs-graph' | 'tfjs-layers';
  readonly dim: number;
  readonly builtUntil: number | null;
  /** Only these groups are read; the others of the manifest have no input. */
  readonly groups: readonly GroupSpec[];
  readonly inputs: Readonly<Record<string, ExternalInput>>;
  readonly output: string;
  /** Scale the output to unit length. */
  readonly normalise: boolean;
  /** Trained with groups removed at random, so that a user without one is nothing new to it. */
  readonly groupDropout: boolean;
  /** `cpu`: plain JavaScript, 5 to 15 times slower, for graphs with operations that WebAssembly lacks. */
  readonly backend: 'default' | 'cpu';
}

export interface VectorsSpec {
  readonly kind: 'vectors';
  readonly dim: number;
  readonly builtUntil: number | null;
  readonly normalise: boolean;
}

/** Groups that an input reads, in the manifest's order. */
export const groupsRead = (groups: readonly GroupSpec[], inputs: TfjsSpec['inputs']): GroupSpec[] => {
  const read = new Set(Object.values(inputs).map(({ group }) => group));
  return groups.filter(({ name }) => read.has(name));
};

const weighedBy = (
  { inputs }: Pick<TfjsSpec, 'inputs'>,
  ...reads: ReadonlyArray<ExternalInput['reads']>
): Set<string> =>
  new Set(
    Object.values(inputs)
      .filter((input) => reads.includes(input.reads))
      .map(({ group }) => group),
  );

/** The abilities of a graph with these inputs. */
export const tfjsAbilities = (spec: Pick<TfjsSpec, 'inputs' | 'groups' | 'groupDropout'>): Abilities => {
  const [scalar, events] = [weighedBy(spec, 'weight'), weighedBy(spec, 'event-weights', 'token-weights')];
  const names = spec.groups.map(({ name }) => name);
  const without = names.filter((name) => !scalar.has(name) && !events.has(name));
  const scaled = names.filter((name) => !scalar.has(name) && events.has(name));
  return {
    ...allAbilities,
    weights: without.length === 0 ? true : `the model has no weight input for ${without.join(', ')}`,
    approximations: [
      ...(scaled.length === 0
        ? []
        : [
            {
              touches: 'weights' as const,
              says: `weights other than 0 and 1 scale the event weights of ${scaled.join(', ')}; the model was not trained so`,
            },
          ]),
      ...(spec.groupDropout
        ? []
        : [
            {
              touches: 'groups' as const,
              says: 'groups are taken out by masking their inputs; the model was not trained with groups left out',
            },
          ]),
    ],
  };
};

const precomputed = (rest: string): string => `the user vectors are precomputed: ${rest}`;

/** Vectors that lie in a file follow no change of the user. */
export const vectorsAbilities = ({ builtUntil }: Pick<VectorsSpec, 'builtUntil'>): Abilities => ({
  weights: precomputed('there is no user tower to weigh'),
  groups: precomputed('there is no user tower to take a group out of'),
  events: precomputed('no behaviour can be knocked out or added'),
  approximations: [
    {
      touches: 'all',
      says: `the user vector is the one in the file${builtUntil === null ? '' : `, built until ${new Date(builtUntil).toISOString()}`}: it does not follow as-of`,
    },
  ],
});
