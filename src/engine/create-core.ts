import { maskOf, reasonOf } from '../domain/eligibility.ts';
import type { User } from '../domain/events.ts';
import { scoreBetween } from '../domain/metric.ts';
import type { RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import { requireAbilities } from './abilities.ts';
import { channels } from './channels/index.ts';
import type { EncodedUser, EngineCore } from './core.ts';
import type { EngineDeps } from './deps.ts';
import { createEligibility, type Eligibility } from './eligibility-cache.ts';
import { createEncoder } from './encode.ts';
import { createHistory } from './history.ts';
import { countUnindexed, liveScan } from './live-scan.ts';
import { Lru } from '../base/lru.ts';
import { createPopularity } from './popularity.ts';
import type { UserEncoder } from './ports/ports.ts';

export const createCore = (given: EngineDeps): EngineCore => {
  const deps: EngineDeps = { ...given, scan: liveScan(given) };
  const users = new Lru<User>(4096);
  const userOf = (userId: string): User =>
    users.getOr(userId, () => deps.store.user(userId) ?? unknownUser(deps, userId));
  const history = createHistory(deps);
  const popularity = createPopularity(deps);
  const encoder = createEncoder(deps, history);
  const fused = createFusion();
  const unindexed = countUnindexed(deps);

  const coreWith = (eligibility: (query: RecallQuery) => Eligibility | null): EngineCore => {
    const core: EngineCore = {
      deps,
      user: userOf,
      history: (query) => history.all(query),
      newest: (query) => history.newest(query),
      place: (query) => history.place(query),
      ...encoder,
      userVector: async (query) => {
        const user = await encoder.encode(query);
        return user === null ? null : fused(user, weightsOf(query, user.encoder));
      },
      weightsOf,
      mask: (query) => {
        const mask = eligibility(query)?.mask ?? null;
        return mask === null || mask.eligible === deps.catalog.adCount ? null : mask;
      },
      dropCodes: (query) => {
        const found = eligibility(query);
        return found === null || found.mask.eligible === deps.catalog.adCount ? null : found.codes;
      },
      dropReason: (query, ordinal) => reasonOf(eligibility(query)?.codes[ordinal]),
      withEligibility: (codes) => {
        const given: Eligibility = { codes, mask: maskOf(codes) };
        return coreWith((query) => (query.eligibility ? given : null));
      },
      popularity,
      unindexed,
      runChannel: async (query, channel, limit) => channels[channel].run(core, query, limit),
      modelScores: (vector, ordinals) => modelScores(deps, vector, ordinals),
    };
    return core;
  };
  return coreWith(createEligibility(deps, history, userOf));
};

const unknownUser = ({ store }: EngineDeps, userId: string): never => {
  const near = store.suggestUsers(userId, 5);
  throw new RecallError('unknown-user', `no user ${userId} in this workspace`, {
    expected: `one of ${store.userCount} user ids`,
    found: near.length === 0 ? 'no user with this id' : `no user with this id; nearest: ${near.join(', ')}`,
    todo: 'search for one: recall-tui users --match TEXT',
  });
};

const weightsOf = (query: RecallQuery, encoder: UserEncoder): Float32Array => {
  requireAbilities(encoder, query);
  const { groups } = encoder;
  const row = new Float32Array(groups.length);
  groups.forEach(({ name }, g) => {
    row[g] = query.weights[name] ?? 1;
  });
  return row;
};

/** Keeps each encoded user's last vector: the same query asked again costs no fusion. */
const createFusion = (): ((user: EncodedUser, weights: Float32Array) => Float32Array) => {
  const last = new WeakMap<EncodedUser, { weights: Float32Array; vector: Float32Array }>();
  return (user, weights) => {
    const known = last.get(user);
    if (known !== undefined && sameRow(known.weights, weights)) return known.vector;
    const vector = user.encoder.fuse(user.encodings, weights, 1);
    last.set(user, { weights, vector });
    return vector;
  };
};

const sameRow = (a: Float32Array, b: Float32Array): boolean => {
  for (let g = 0; g < a.length; g += 1) if (a[g] !== b[g]) return false;
  return true;
};

const modelScores = (
  { scan, vectors }: EngineDeps,
  vector: Float32Array,
  ordinals: ArrayLike<number>,
): Float32Array | null => {
  if (scan !== null) return scan.scoresOf(vector, ordinals);
  if (vectors === null) return null;
  const { data, dim, space = 'ip' } = vectors;
  return Float32Array.from(ordinals, (ordinal) =>
    scoreBetween(space, vector, data.subarray(ordinal * dim, (ordinal + 1) * dim)),
  );
};
