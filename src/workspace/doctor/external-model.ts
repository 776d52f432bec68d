import type { LoadedModel, OpenedSample } from '../../engine/ports/artefacts.ts';
import type { GroupEncodings } from '../../engine/ports/ports.ts';
import { RecallError } from '../../errors.ts';
import { attempt, verdict } from './check.ts';
import type { Check } from './check.ts';

/**
 * Checks of a model made elsewhere: whom it covers, one user run through it and, where directions are compared
 * (`directed`), that every user's vector has one.
 */
export const examineExternal = async (
  { encoder, userIds = null }: LoadedModel,
  { store }: OpenedSample,
  { directed }: { readonly directed: boolean },
): Promise<Check[]> => {
  const users = store.userIds();
  const known = userIds === null ? null : new Set(userIds);
  const missing = known === null ? [] : users.filter((id) => !known.has(id));
  const first = users.find((id) => known?.has(id) ?? true);
  const coverage =
    known === null
      ? []
      : [
          verdict(
            'user ids',
            missing.length < users.length,
            `a vector for each of ${users.length} users`,
            missing.length === 0
              ? 'so'
              : `${missing.length} without one (${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''}): the model cannot answer for them`,
          ),
        ];
  if (first === undefined) return coverage;
  const run = await attempt('test run', `${encoder.dim} finite numbers for one user without behaviour`, async () => {
    const empty = { userId: first, asOf: 0, groups: encoder.groups.map(({ name }) => ({ group: name, items: [] })) };
    const [encodings] = await encoder.encodeGroups([empty]);
    if (encodings === undefined) throw new RecallError('bad-model', 'the model encoded nothing');
    const vector = encoder.fuse(encodings, new Float32Array(encoder.groups.length).fill(1), 1);
    return {
      ok: vector.length === encoder.dim && vector.every(Number.isFinite),
      found: `${vector.length} finite numbers for ${first}, norm ${Math.hypot(...vector).toFixed(4)}`,
    };
  });
  const norms =
    known === null || !directed
      ? []
      : [
          await checkDirections(
            encoder,
            users.filter((id) => known.has(id)),
          ),
        ];
  return [...coverage, run, ...norms];
};

const leastNorm = 1e-6;
const usersAtATime = 1_000;

/** Where directions are compared, a user whose vector is zeros cannot be recalled for: every row is looked at, not one. */
const checkDirections = async (encoder: LoadedModel['encoder'], userIds: readonly string[]): Promise<Check> => {
  const without: string[] = [];
  for (let from = 0; from < userIds.length; from += usersAtATime) {
    const batch = userIds.slice(from, from + usersAtATime);
    const encodings = await encoder.encodeGroups(batch.map((userId) => ({ userId, asOf: 0, groups: [] })));
    for (const [i, own] of encodings.entries()) if (!hasDirection(encoder, own)) without.push(batch[i] ?? '');
  }
  return verdict(
    'user vectors',
    without.length === 0,
    `a norm of at least ${leastNorm} for each of ${userIds.length} users`,
    without.length === 0
      ? 'so'
      : `${without.length} without a direction (${without.slice(0, 3).join(', ')}${without.length > 3 ? ', …' : ''}): recall fails for them`,
  );
};

const hasDirection = (encoder: LoadedModel['encoder'], own: GroupEncodings): boolean => {
  try {
    return Math.hypot(...encoder.fuse(own, new Float32Array(0), 1)) >= leastNorm;
  } catch (error) {
    if (error instanceof RecallError) return false;
    throw error;
  }
};
