import type { DropReason, EligibilityColumns, EligibilityMask, EligibilityRules, Targeting } from './ads.ts';
import type { BehaviourEvent } from './events.ts';

/** Every filter, in the order in which an ad is charged to one: an ad that fails several counts for the first. */
export const dropReasons: readonly DropReason[] = [
  'not-started',
  'ended',
  'budget',
  'targeting',
  'already-bought',
  'frequency-cap',
  'blocklist',
];

/** The facts that eligibility is judged by. */
export interface EligibilityQuestion {
  readonly rules: EligibilityRules;
  readonly columns: EligibilityColumns;
  readonly adCount: number;
  readonly asOf: number;
  readonly attributes: Readonly<Record<string, string>>;
  /** The user's events strictly before as-of. */
  readonly history: readonly BehaviourEvent[];
  ordinalOf(adId: string): number | null;
}

/**
 * A user matches when every attribute of the targeting has one of its accepted values; a missing attribute matches
 * nothing.
 */
export const matchesTargeting = (targeting: Targeting, attributes: Readonly<Record<string, string>>): boolean =>
  Object.entries(targeting).every(([name, accepted]) => {
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    return value !== undefined && accepted.includes(value);
  });

/** Which filter drops each ad: 0 = none, else 1 + position in `dropReasons`. By ordinal. */
export const dropCodes = (question: EligibilityQuestion): Uint8Array => {
  const codes = columnCodes(question);
  const charge = (ordinal: number | null, reason: DropReason): void => {
    if (ordinal !== null && codes[ordinal] === 0) codes[ordinal] = codeOf(reason);
  };
  for (const ordinal of boughtAds(question)) charge(ordinal, 'already-bought');
  for (const ordinal of cappedAds(question)) charge(ordinal, 'frequency-cap');
  for (const adId of question.rules.blocklist) charge(question.ordinalOf(adId), 'blocklist');
  return codes;
};

/**
 * Every filter that drops each ad, not only the one it is charged to: bit i = `dropReasons[i]`, by ordinal. An ad that
 * fails two comes in only where both are lifted.
 */
export const dropBits = (question: EligibilityQuestion): Uint8Array => {
  const { rules } = question;
  const none: EligibilityRules = {
    dates: false,
    budget: false,
    targeting: false,
    alreadyBought: null,
    frequencyCap: null,
    blocklist: [],
  };
  const { columns } = question;
  const dates = { rules: { ...none, dates: rules.dates } };
  // Dates are charged to one end: an ad that ends before it starts fails both.
  const alone: ReadonlyArray<Partial<EligibilityQuestion>> = [
    dates,
    { ...dates, columns: { ...columns, startAt: new Float64Array(question.adCount).fill(Number.NEGATIVE_INFINITY) } },
    ...[
      { budget: rules.budget },
      { targeting: rules.targeting },
      { alreadyBought: rules.alreadyBought },
      { frequencyCap: rules.frequencyCap },
      { blocklist: rules.blocklist },
    ].map((one) => ({ rules: { ...none, ...one } })),
  ];
  const bits = new Uint8Array(question.adCount);
  for (const one of alone)
    dropCodes({ ...question, ...one }).forEach((code, i) => {
      if (code !== 0) bits[i] = (bits[i] ?? 0) | (1 << (code - 1));
    });
  return bits;
};

const codeOf = (reason: DropReason): number => dropReasons.indexOf(reason) + 1;

/** Dates, budget and targeting: one pass over the columns. An ad is active in [startAt, endAt). */
const columnCodes = ({ rules, columns, adCount, asOf, attributes }: EligibilityQuestion): Uint8Array => {
  const { startAt, endAt, budgetLeft, targetingId } = columns;
  const matches = Uint8Array.from(columns.targetings, (targeting) => (matchesTargeting(targeting, attributes) ? 1 : 0));
  const codes = new Uint8Array(adCount);
  const [notStarted, ended, budget, targeting] = [
    codeOf('not-started'),
    codeOf('ended'),
    codeOf('budget'),
    codeOf('targeting'),
  ];
  for (let i = 0; i < adCount; i += 1) {
    const target = targetingId[i] ?? -1;
    if (rules.dates && !((startAt[i] ?? Number.NEGATIVE_INFINITY) <= asOf)) codes[i] = notStarted;
    else if (rules.dates && !(asOf < (endAt[i] ?? Number.POSITIVE_INFINITY))) codes[i] = ended;
    else if (rules.budget && !((budgetLeft[i] ?? Number.POSITIVE_INFINITY) > 0)) codes[i] = budget;
    else if (rules.targeting && target >= 0 && matches[target] !== 1) codes[i] = targeting;
  }
  return codes;
};

const boughtAds = ({ rules, history, ordinalOf }: EligibilityQuestion): Array<number | null> => {
  const kinds = rules.alreadyBought?.kinds ?? [];
  return history
    .filter((event) => event.adId !== null && kinds.includes(event.kind))
    .map((event) => ordinalOf(event.adId ?? ''));
};

const cappedAds = ({ rules, history, asOf, ordinalOf }: EligibilityQuestion): Array<number | null> => {
  const cap = rules.frequencyCap;
  if (cap === null) return [];
  const counts = new Map<string, number>();
  for (const { adId, kind, at } of history) {
    if (adId !== null && at >= asOf - cap.windowMs && cap.kinds.includes(kind))
      counts.set(adId, (counts.get(adId) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count >= cap.max).map(([adId]) => ordinalOf(adId));
};

/** The mask and the drop counts of these codes. */
export const maskOf = (codes: Uint8Array): EligibilityMask => {
  const bits = new Uint8Array(codes.length);
  const counts = new Uint32Array(dropReasons.length + 1);
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0;
    if (code === 0) bits[i] = 1;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  const dropped: Partial<Record<DropReason, number>> = {};
  dropReasons.forEach((reason, i) => {
    if ((counts[i + 1] ?? 0) > 0) dropped[reason] = counts[i + 1] ?? 0;
  });
  return { bits, eligible: counts[0] ?? 0, dropped };
};

/** The filter behind a code; null = eligible. */
export const reasonOf = (code: number | undefined): DropReason | null =>
  code === undefined || code === 0 ? null : (dropReasons[code - 1] ?? null);
