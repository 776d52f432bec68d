import type { FunnelChange } from '../../domain/funnel/changes.ts';
import type { ChangeBatch, ChangeRow, ListFigures } from '../../domain/funnel/gains.ts';
import { dropReasons } from '../../domain/eligibility.ts';
import { changedQuery } from '../../domain/query-change.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { cancelledError, RecallError } from '../../errors.ts';
import { audienceBatch } from '../audience.ts';
import { encodeReaders } from '../blast.ts';
import type { EngineCore } from '../core.ts';
import { dropBitsOf } from '../drop-bits.ts';
import type { Engine } from '../engine.ts';
import { engagementsOf } from '../hydrate.ts';
import type { LossQuestion } from '../losses.ts';
import { checkedQuery, recallAds } from '../retrieve.ts';
import { codesWithout } from '../served/parts.ts';
import { sharedBetween } from '../share.ts';

/**
 * The changes run for each question, in their order: which of its ads the list holds before and after. A user is encoded
 * once, in batches of 64, and rule channels that read the same run once. Throws `unknown-user`, `usage`, `cancelled` when
 * `stop` says so between two users.
 */
export const changeRuns = async (
  engine: Engine,
  questions: readonly LossQuestion[],
  changes: readonly FunnelChange[],
  stop: () => boolean = () => false,
): Promise<ChangeBatch> => {
  const rows: ChangeRow[] = [];
  const left = changes.map(() => new Map<number, number>());
  for (let from = 0; from < questions.length; from += audienceBatch) {
    const part = questions.slice(from, from + audienceBatch);
    await encodeReaders(
      engine.core,
      part.map(({ query }) => ({ before: query, after: query })),
    );
    for (const question of part) {
      if (stop()) throw cancelledError();
      rows.push(await rowOf(engine, question, changes, left));
    }
  }
  const { catalog } = engine.core.deps;
  return {
    rows,
    left: left.map((counts) => [...counts].map(([ordinal, users]) => [catalog.idOf(ordinal), users] as const)),
  };
};

const rowOf = async (
  { core }: Engine,
  { query: asked, adIds }: LossQuestion,
  changes: readonly FunnelChange[],
  left: ReadonlyArray<Map<number, number>>,
): Promise<ChangeRow> => {
  const { catalog } = core.deps;
  const query = checkedQuery(core, asked);
  const subject = new Set(adIds.flatMap((adId) => catalog.ordinalOf(adId) ?? []));
  const engaged = new Set([...engagementsOf(core.deps, query).keys()].flatMap((adId) => catalog.ordinalOf(adId) ?? []));
  const figures = (list: readonly number[]): ListFigures => ({
    ads: list.filter((ordinal) => subject.has(ordinal)).length,
    hits: list.filter((ordinal) => engaged.has(ordinal)).length,
    places: list.length,
  });
  const shared = sharedBetween(core);
  const before = await answered(() => ordinalsOf(shared, query));
  const row = { userId: query.userId, engaged: engaged.size };
  if (!Array.isArray(before)) return { ...row, failed: before.failed, before: figures([]), after: [] };
  const after: Array<ListFigures | null> = [];
  for (const [c, change] of changes.entries()) {
    const list = await answered(() => listUnder(core, shared, query, change, subject));
    after.push(Array.isArray(list) ? figures(list) : null);
    if (Array.isArray(list)) countLeft(before, list, left[c]);
  }
  return { ...row, failed: null, before: figures(before), after };
};

/** A user vector that vanishes, or a change that the model cannot follow, fails for this user alone. */
const answered = async (list: () => Promise<number[]>): Promise<number[] | { readonly failed: string }> => {
  try {
    return await list();
  } catch (error) {
    if (error instanceof RecallError && error.code === 'unsupported') return { failed: error.message };
    throw error;
  }
};

const ordinalsOf = async (core: EngineCore, query: RecallQuery): Promise<number[]> =>
  (await recallAds(core, query)).map(({ ordinal }) => ordinal);

const countLeft = (
  before: readonly number[],
  after: readonly number[],
  counts: Map<number, number> | undefined,
): void => {
  const stays = new Set(after);
  for (const ordinal of before) if (!stays.has(ordinal)) counts?.set(ordinal, (counts.get(ordinal) ?? 0) + 1);
};

/** The list of the changed query, or of this one over ads that the change alters. */
const listUnder = (
  core: EngineCore,
  shared: EngineCore,
  query: RecallQuery,
  change: FunnelChange,
  subject: ReadonlySet<number>,
): Promise<number[]> => {
  switch (change.type) {
    case 'without-duplicates':
      return ordinalsOf(core.withEligibility(codesBut(core, query, change.adIds)), { ...query, eligibility: true });
    case 'lift': {
      const lifted = { type: 'lift', reason: change.filter, whole: false } as const;
      return ordinalsOf(core.withEligibility(codesWithout(dropBitsOf(core, query), [lifted], subject)), query);
    }
    default:
      return ordinalsOf(shared, changedQuery(query, change));
  }
};

/** The query's drop codes, with these ads blocked too. */
const codesBut = (core: EngineCore, query: RecallQuery, adIds: readonly string[]): Uint8Array => {
  const { catalog } = core.deps;
  const codes = core.dropCodes(query)?.slice() ?? new Uint8Array(catalog.adCount);
  const blocked = dropReasons.indexOf('blocklist') + 1;
  for (const adId of adIds) {
    const ordinal = catalog.ordinalOf(adId);
    if (ordinal !== null && codes[ordinal] === 0) codes[ordinal] = blocked;
  }
  return codes;
};
