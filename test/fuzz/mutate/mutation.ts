import type { Random } from '../../../src/domain/random.ts';

/** A damaged copy of a file. */
export interface Mutation {
  readonly bytes: Buffer;
  /** What was done to it, for the report. */
  readonly what: string;
  /** It breaks something that is checked: whoever reads the file must refuse it, once the hashes are right too. */
  readonly breaks: boolean;
}

export type Mutate = (bytes: Buffer, random: Random) => Mutation;

export const pick = <T>(random: Random, items: readonly T[]): T => {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

export const damaged = (bytes: Buffer, what: string, breaks = false): Mutation => ({ bytes, what, breaks });

/** One of several mutations, each as likely as its share says. */
export const oneOf =
  (...ways: ReadonlyArray<readonly [share: number, mutate: Mutate]>): Mutate =>
  (bytes, random) => {
    let at = random.next() * ways.reduce((sum, [share]) => sum + share, 0);
    for (const [share, mutate] of ways) {
      at -= share;
      if (at < 0) return mutate(bytes, random);
    }
    throw new Error('no mutation');
  };

/** Changes a copy in place. */
export const onCopy =
  (change: (copy: Buffer, random: Random) => { readonly what: string; readonly breaks?: boolean } | null): Mutate =>
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    const done = change(copy, random);
    return done === null ? damaged(copy, 'nothing to change') : damaged(copy, done.what, done.breaks ?? false);
  };
