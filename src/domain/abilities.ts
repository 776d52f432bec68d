import type { RecallQuery } from './query.ts';

/** The abilities of a user model. Each: true, or the reason why not, in words fit for a disabled key. */
export interface Abilities {
  /** Weights other than 0 and 1 of the feature groups it reads. */
  readonly weights: true | string;
  /** Removing a group (weight 0), and with it Shapley values over groups. */
  readonly groups: true | string;
  /** Knocking behaviours out and adding hypothetical ones, and with it Owen values over events. */
  readonly events: true | string;
  /** Parts that hold only approximately; every answer that they touch carries a notice. */
  readonly approximations: readonly Approximation[];
}

export type AbilityName = 'weights' | 'groups' | 'events';

export interface Approximation {
  /** The use of an ability that makes an answer approximate; `all`: every answer of the model. */
  readonly touches: AbilityName | 'all';
  readonly says: string;
}

/** A model that was built for all of it. */
export const allAbilities: Abilities = { weights: true, groups: true, events: true, approximations: [] };

/** The abilities that a query itself needs, apart from those of the question asked with it. */
export const usedBy = ({
  weights,
  excludedEvents,
  extraEvents,
}: Pick<RecallQuery, 'weights' | 'excludedEvents' | 'extraEvents'>): AbilityName[] => {
  const values = Object.values(weights);
  return [
    ...(values.some((weight) => weight !== 0 && weight !== 1) ? ['weights' as const] : []),
    ...(values.includes(0) ? ['groups' as const] : []),
    ...(excludedEvents.length + extraEvents.length > 0 ? ['events' as const] : []),
  ];
};

/** Notices of an answer that used these abilities. */
export const approximationsOf = ({ approximations }: Abilities, used: readonly AbilityName[]): string[] =>
  approximations.filter(({ touches }) => touches === 'all' || used.includes(touches)).map(({ says }) => says);
