import { linearAds, linearDim, linearUsers } from '../../domain/linear-score.ts';
import { exactMembers, memberValues, quotientWeights } from '../../domain/owen.ts';
import type { MemberValues, ValueCoalitions } from '../../domain/owen.ts';
import type { EventMethod, EventPart } from '../../domain/explanation.ts';
import type { InputItem, UserInputs } from '../../domain/groups.ts';
import { seedOf } from '../../domain/random.ts';
import { coalitionWeights, products } from './coalitions.ts';
import type { GroupAttribution } from './groups.ts';
import { yieldToEventLoop, throwIfAborted } from '../interrupt.ts';

export interface EventOptions {
  /** Groups of at most this many inputs are valued exactly: 8, on request up to 12. */
  readonly exactUpTo?: number;
  /** Most encodings for a group that is sampled. */
  readonly budget?: number;
  readonly signal?: AbortSignal;
}

export const defaultEventBudget = 600;

/** The attribution of one group's inputs: parts of every ad, and how they were found. */
export interface GroupEvents {
  readonly method: EventMethod;
  readonly items: readonly InputItem[];
  readonly values: MemberValues;
}

const encodeAtOnce = 128;

/** Owen values of the inputs of every live group, for every ad of the attribution. */
export const attributeEvents = async (
  attribution: GroupAttribution,
  options: EventOptions = {},
): Promise<GroupEvents[]> => {
  const out: GroupEvents[] = [];
  for (const g of attribution.live) {
    const input = attribution.encoded.inputs.groups[g];
    const items = input?.items.filter((item) => !item.excluded) ?? [];
    if (input === undefined || items.length === 0) continue;
    const games = attribution.scores.length;
    const values = await memberValues(items.length, games, valuesOfGroup(attribution, g, items, options.signal), {
      exactUpTo: options.exactUpTo ?? exactMembers,
      budget: options.budget ?? defaultEventBudget,
      seed: seedOf(`${attribution.encoded.inputs.userId}:${input.group}`),
    });
    out.push({
      items,
      values,
      method: {
        group: input.group,
        method: values.method,
        members: items.length,
        evaluations: values.evaluations,
        permutations: values.permutations,
      },
    });
  }
  return out;
};

/**
 * W(T) of coalitions of one group's inputs: the user is encoded again with the inputs outside T knocked
 * out, fused with every coalition R of the other groups, and since scores are linear in the
 * vector as `linearUsers` writes it, only Σ_R weight(R)·u(R ∪ T) meets the ads.
 */
const valuesOfGroup = (
  attribution: GroupAttribution,
  g: number,
  members: readonly InputItem[],
  signal?: AbortSignal,
): ValueCoalitions => {
  const {
    encoded: { encoder, inputs },
    weights,
    live,
    space,
  } = attribution;
  const dim = linearDim(space, encoder.dim);
  const ads = linearAds(space, attribution.rows, encoder.dim);
  const others = live.filter((other) => other !== g);
  const rowWeights = coalitionWeights(weights, others, g);
  const quotient = quotientWeights(others.length);
  return async (coalitions) => {
    const mixed = new Float64Array(coalitions.length * dim);
    for (let from = 0; from < coalitions.length; from += encodeAtOnce) {
      throwIfAborted(signal);
      const batch = coalitions.slice(from, from + encodeAtOnce);
      const encodings = await encoder.encodeGroups(
        batch.map((coalition) => withoutOthers(inputs, g, members, coalition)),
      );
      encodings.forEach((one, i) =>
        addWeighted(
          mixed,
          (from + i) * dim,
          linearUsers(space, encoder.fuse(one, rowWeights, quotient.length), encoder.dim),
          quotient,
          dim,
        ),
      );
      if (from + encodeAtOnce < coalitions.length) await yieldToEventLoop();
    }
    return products(mixed, ads, dim);
  };
};

/** The inputs with every member outside the coalition knocked out; slots stay. */
const withoutOthers = (
  inputs: UserInputs,
  g: number,
  members: readonly InputItem[],
  coalition: Uint8Array,
): UserInputs => {
  const out = new Set(members.filter((_, i) => coalition[i] === 0));
  return {
    ...inputs,
    groups: inputs.groups.map((group, i) =>
      i === g
        ? { ...group, items: group.items.map((item) => (out.has(item) ? { ...item, excluded: true } : item)) }
        : group,
    ),
  };
};

const addWeighted = (
  into: Float64Array,
  at: number,
  vectors: Float64Array,
  weights: Float64Array,
  dim: number,
): void => {
  weights.forEach((weight, row) => {
    for (let d = 0; d < dim; d += 1) into[at + d] = (into[at + d] ?? 0) + weight * (vectors[row * dim + d] ?? 0);
  });
};

/** The parts of one ad (column `ad`); inputs of groups that are no players have φ = 0 exactly. */
export const eventParts = (attribution: GroupAttribution, groups: readonly GroupEvents[], ad: number): EventPart[] => {
  const games = attribution.scores.length;
  const live = new Map(groups.map((group) => [group.method.group, group]));
  return attribution.encoded.inputs.groups.flatMap(({ group, items }) => {
    const valued = live.get(group);
    if (valued === undefined) return items.filter((item) => !item.excluded).map((item) => partOf(group, item, 0, 0));
    return valued.items.map((item, i) =>
      partOf(group, item, valued.values.phi[i * games + ad] ?? 0, valued.values.stderr[i * games + ad] ?? 0),
    );
  });
};

const partOf = (
  group: string,
  { eventId, kind, at, adId, query, peerId, value }: InputItem,
  phi: number,
  stderr: number,
): EventPart => ({ eventId, group, kind, at, adId, query, peerId, value, phi, stderr });
