import type { RecallQuery } from '../../domain/query.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { Engine } from '../engine.ts';
import { noRepair, openVerdicts } from './open-verdicts.ts';
import type { Judgement, OpenVerdicts, VerdictOptions } from './open-verdicts.ts';
import { findRepair, ineligibleRepairs } from './repair.ts';
import type { RepairOutcome } from './repair.ts';

export interface WhyNotOptions extends VerdictOptions {
  /** false: the verdict alone. */
  readonly repair?: boolean;
}

/**
 * Why an ad is not in the list of a query: first whether it is, exists and is eligible; then what became of
 * it in each channel; then the cheapest single change of the query that was run and brought it in.
 * Throws `unknown-user`, `usage` for a query out of bounds, `cancelled`.
 */
export const whyNot = async (
  engine: Engine,
  asked: RecallQuery,
  adId: string,
  options: WhyNotOptions = {},
): Promise<Verdict> => verdictUnder(engine, await openVerdicts(engine, asked, options), adId, options);

/** The same of one of many ads under a query whose verdicts are open already. Throws `cancelled`. */
export const verdictUnder = async (
  engine: Engine,
  open: OpenVerdicts,
  adId: string,
  { repair, signal }: Pick<WhyNotOptions, 'repair' | 'signal'> = {},
): Promise<Verdict> => {
  if (repair === false) return open.headline(adId);
  const judgement = await open.judge(adId);
  return open.conclude(adId, judgement, await repairOf(engine, open, judgement, signal));
};

const repairOf = async (
  engine: Engine,
  { query, result }: OpenVerdicts,
  judgement: Judgement,
  signal: AbortSignal | undefined,
): Promise<RepairOutcome> => {
  switch (judgement.kind) {
    case 'settled':
      return noRepair;
    case 'ineligible':
      return ineligibleRepairs(engine, query, judgement.ordinal, judgement.reason, result);
    case 'judged': {
      const { ordinal, verdicts, emissions } = judgement;
      return findRepair(engine, { query, ordinal, verdicts, before: result, emissions, signal });
    }
  }
};
