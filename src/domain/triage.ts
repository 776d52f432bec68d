import type { UserId } from './ids.ts';
import type { Loss } from './losses.ts';
import type { ChannelName } from './channels.ts';
import type { QueryChange, VerdictName } from './verdict.ts';

export const expectations = ['present', 'absent'] as const;
export type TriageExpectation = (typeof expectations)[number];

/** A pair of a ticket: is this ad in this user's list, and should it be? */
export interface TriagePair {
  /** Its line in the input, from 1. */
  readonly line: number;
  readonly userId: UserId;
  readonly adId: string;
  /** As-of, ms; null: the query's. */
  readonly at: number | null;
  readonly expect: TriageExpectation | null;
}

/** `unreadable`: the line is no pair; `failed`: the user's query could not be answered. */
export type TriageVerdict = VerdictName | 'unknown-user' | 'unreadable' | 'failed';

export interface TriageRepair {
  readonly change: QueryChange;
  /** The ad's rank with it. */
  readonly rank: number;
  /** The line that runs it. */
  readonly command: string;
}

export interface TriageRow extends TriagePair {
  readonly verdict: TriageVerdict;
  /** The cause, the same for pairs that are lost in the same way: `ineligible:budget`, `quota:keyword`. */
  readonly group: string;
  readonly rank: number | null;
  readonly channel: ChannelName | null;
  readonly margin: number | null;
  readonly repair: TriageRepair | null;
  /** The expectation holds; null: there is none. */
  readonly holds: boolean | null;
  /** `unreadable`, `failed`: why. */
  readonly problem: string | null;
}

/** The part of a row that counts and reports need: of a row read back from a file, all that is known. */
export interface CountedRow extends TriagePair {
  readonly group: string;
  readonly rank: number | null;
  readonly holds: boolean | null;
  readonly repair: { readonly change: { readonly type: string } } | null;
}

/** An expectation of a pair that cannot be judged does not hold. */
const holds = ({ expect }: TriagePair, verdict: TriageVerdict): boolean | null => {
  if (expect === null) return null;
  if (verdict === 'unknown-user' || verdict === 'unreadable' || verdict === 'failed') return false;
  return (verdict === 'recalled') === (expect === 'present');
};

/** The row of a pair that has no verdict of the ladder. */
export const problemRow = (
  pair: TriagePair,
  verdict: 'unknown-user' | 'unreadable' | 'failed',
  problem: string | null,
): TriageRow => ({
  ...pair,
  verdict,
  group: verdict,
  rank: null,
  channel: null,
  margin: null,
  repair: null,
  holds: holds(pair, verdict),
  problem,
});

export const groupOf = ({ verdict, detail, channel }: Pick<Loss, 'verdict' | 'detail' | 'channel'>): string =>
  verdict === 'recalled' ? verdict : [verdict, detail ?? channel].filter((part) => part !== null).join(':');

export const triageRow = (pair: TriagePair, loss: Loss, repair: TriageRepair | null): TriageRow => ({
  ...pair,
  verdict: loss.verdict,
  group: groupOf(loss),
  rank: loss.rank,
  channel: loss.channel,
  margin: loss.margin,
  repair,
  holds: holds(pair, loss.verdict),
  problem: null,
});

export interface TriageGroup {
  readonly group: string;
  readonly rows: number;
  readonly failed: number;
  /** Repairs of its rows by kind of change. */
  readonly repairs: Readonly<Record<string, number>>;
  /** The first row whose expectation fails, else the first. */
  readonly example: { readonly line: number; readonly userId: UserId; readonly adId: string };
}

export interface TriageTotals {
  readonly rows: number;
  readonly recalled: number;
  readonly unreadable: number;
  readonly expected: number;
  readonly failed: number;
  /** Most rows first. */
  readonly groups: readonly TriageGroup[];
}

/** Counts rows as they pass; memory by group, not by row. */
export interface TriageTally {
  add(row: CountedRow): void;
  totals(): TriageTotals;
}

interface OpenGroup {
  rows: number;
  failed: number;
  readonly repairs: Record<string, number>;
  example: TriageGroup['example'];
}

export const triageTally = (): TriageTally => {
  const groups = new Map<string, OpenGroup>();
  let expected = 0;
  const newGroup = ({ line, userId, adId }: CountedRow): OpenGroup => ({
    rows: 0,
    failed: 0,
    repairs: {},
    example: { line, userId, adId },
  });
  const sum = (of: (group: OpenGroup) => number, only?: string): number =>
    [...groups].reduce((total, [name, group]) => total + (only === undefined || only === name ? of(group) : 0), 0);
  return {
    add: (row) => {
      const group = groups.get(row.group) ?? newGroup(row);
      groups.set(row.group, group);
      if (row.holds === false && group.failed === 0)
        group.example = { line: row.line, userId: row.userId, adId: row.adId };
      group.rows += 1;
      if (row.holds === false) group.failed += 1;
      if (row.holds !== null) expected += 1;
      const kind = row.repair?.change.type;
      if (kind !== undefined) group.repairs[kind] = (group.repairs[kind] ?? 0) + 1;
    },
    totals: () => ({
      rows: sum((group) => group.rows),
      recalled: sum((group) => group.rows, 'recalled'),
      unreadable: sum((group) => group.rows, 'unreadable'),
      expected,
      failed: sum((group) => group.failed),
      groups: [...groups]
        .map(([group, { rows, failed, repairs, example }]) => ({ group, rows, failed, repairs, example }))
        .sort((a, b) => b.rows - a.rows || (a.group < b.group ? -1 : 1)),
    }),
  };
};
