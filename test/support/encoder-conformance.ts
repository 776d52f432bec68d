import { expect, it } from 'vitest';
import type { UserInputs } from '../../src/domain/groups.ts';
import type { GroupEncodings, UserEncoder } from '../../src/engine/ports/ports.ts';

/** What any encoder is held to, whatever is behind it. */
export interface Conformance {
  readonly encoder: () => Promise<UserEncoder>;
  /** At least three different users, the first with something in at least two groups. */
  readonly users: readonly UserInputs[];
  readonly unit?: boolean;
}

const first = <T>(list: readonly T[]): T => {
  const [one] = list;
  if (one === undefined) throw new Error('nothing there');
  return one;
};
const ones = (encoder: UserEncoder): Float32Array => new Float32Array(encoder.groups.length).fill(1);
const encodeOne = async (encoder: UserEncoder, user: UserInputs): Promise<GroupEncodings> =>
  first(await encoder.encodeGroups([user]));
const vectorOf = async (encoder: UserEncoder, user: UserInputs, weights = ones(encoder)): Promise<Float32Array> =>
  encoder.fuse(await encodeOne(encoder, user), weights, 1);
const apart = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - (b[i] ?? Number.NaN))), 0);

export const conforms = ({ encoder: open, users, unit = true }: Conformance): void => {
  it('gives the same bytes twice', async () => {
    const encoder = await open();
    for (const user of users) expect(await vectorOf(encoder, user)).toEqual(await vectorOf(encoder, user));
  });

  it('gives different users different vectors', async () => {
    const encoder = await open();
    const vectors = await Promise.all(users.map((user) => vectorOf(encoder, user)));
    vectors.forEach((a, i) =>
      vectors.slice(i + 1).forEach((b) => {
        expect(apart(a, b)).toBeGreaterThan(1e-4);
      }),
    );
  });

  it('gives a user the same vector alone, among others, and in any row of a batch, within 1e-5', async () => {
    const encoder = await open();
    const together = await encoder.encodeGroups(users);
    for (const [i, user] of users.entries()) {
      const alone = await vectorOf(encoder, user);
      const encodings = together[i];
      if (encodings === undefined) throw new Error('fewer rows than users');
      const rows = 64;
      const weights = new Float32Array(rows * encoder.groups.length).fill(1);
      const batch = encoder.fuse(encodings, weights, rows);
      for (const row of [0, 7, 63])
        expect(apart(batch.subarray(row * encoder.dim, (row + 1) * encoder.dim), alone)).toBeLessThan(1e-5);
    }
  });

  it('has the dimension it says, finite, and of unit length where it says so', async () => {
    const encoder = await open();
    for (const user of users) {
      const vector = await vectorOf(encoder, user);
      expect(vector.length).toBe(encoder.dim);
      expect(vector.every(Number.isFinite)).toBe(true);
      if (unit) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });

  it('gives for a group removed exactly what it gives for one that is not there, or says why it cannot', async () => {
    const encoder = await open();
    if (encoder.abilities.groups !== true) {
      expect(encoder.abilities.groups).not.toBe('');
      return;
    }
    const user = first(users);
    const { present } = await encodeOne(encoder, user);
    expect(present.filter(Boolean).length).toBeGreaterThan(1);
    for (const [g] of encoder.groups.entries()) {
      const weights = ones(encoder);
      weights[g] = 0;
      const absent: UserInputs = {
        ...user,
        groups: user.groups.map((group, i) => (i === g ? { ...group, items: [] } : group)),
      };
      const [removed, notThere] = [await vectorOf(encoder, user, weights), await vectorOf(encoder, absent)];
      expect(apart(removed, notThere)).toBeLessThan(1e-6);
      expect((await encodeOne(encoder, absent)).present[g]).toBe(false);
      if (present[g] === true) expect(apart(removed, await vectorOf(encoder, user))).toBeGreaterThan(1e-6);
    }
  });

  it('gives for behaviours knocked out exactly what it gives without them, or says why it cannot', async () => {
    const encoder = await open();
    if (encoder.abilities.events !== true) {
      expect(encoder.abilities.events).not.toBe('');
      return;
    }
    const user = first(users);
    const knocked: UserInputs = {
      ...user,
      groups: user.groups.map((group, g) =>
        g === 0 ? { ...group, items: group.items.map((item) => ({ ...item, excluded: true })) } : group,
      ),
    };
    const empty: UserInputs = {
      ...user,
      groups: user.groups.map((group, g) => (g === 0 ? { ...group, items: [] } : group)),
    };
    expect(apart(await vectorOf(encoder, knocked), await vectorOf(encoder, empty))).toBeLessThan(1e-6);
    expect(apart(await vectorOf(encoder, knocked), await vectorOf(encoder, user))).toBeGreaterThan(1e-6);
  });

  it('follows a weight, or says why it cannot', async () => {
    const encoder = await open();
    if (encoder.abilities.weights !== true) {
      expect(encoder.abilities.weights).not.toBe('');
      return;
    }
    const user = first(users);
    const { present } = await encodeOne(encoder, user);
    for (const g of present.flatMap((there, i) => (there ? [i] : []))) {
      const weights = ones(encoder);
      weights[g] = 2;
      expect(apart(await vectorOf(encoder, user, weights), await vectorOf(encoder, user))).toBeGreaterThan(1e-6);
    }
  });
};
