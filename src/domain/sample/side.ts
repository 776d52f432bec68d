/** Whose ids a file of ids holds, by how many of them the sample has. */
export interface IdShares {
  readonly users: number;
  readonly ads: number;
}

export type Side = 'users' | 'ads';

const least = 0.5;

/** The share of ids that are users of the sample, and ads of it. */
export const sharesOf = (
  ids: readonly string[],
  isUser: (id: string) => boolean,
  isAd: (id: string) => boolean,
): IdShares => {
  const share = (known: (id: string) => boolean): number =>
    ids.length === 0 ? 0 : ids.filter(known).length / ids.length;
  return { users: share(isUser), ads: share(isAd) };
};

/** The sides the ids may belong to: one = decided, two = the sample's users and ads share their ids, none = neither. */
export const sidesOf = (shares: IdShares): readonly Side[] =>
  (['ads', 'users'] as const).filter((side) => shares[side] >= least);
