import { heldContext } from '../../domain/inputs.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { sameIds } from '../../domain/served/served.ts';
import type { ServedRequest } from '../../domain/served/served.ts';
import { RecallError } from '../../errors.ts';
import type { EngineCore } from '../core.ts';
import { dropBitsOf } from '../drop-bits.ts';
import type { Engine } from '../engine.ts';
import { yieldToEventLoop, throwIfAborted } from '../interrupt.ts';
import { recall } from '../recall.ts';
import { codesWithout, keyOf, type Part } from './parts.ts';

/** The runs behind one request's comparison: each asked once. */
export interface Trial {
  readonly core: EngineCore;
  readonly query: RecallQuery;
  readonly request: ServedRequest;
  /** Ordinals of the served ads that the sample has, in their order. */
  readonly served: readonly number[];
  /** Served ads that the sample lacks: they take places that no run here can fill. */
  readonly lacking: number;
  /** Every filter that drops each ad at the request's time, by ordinal (`dropBits`). */
  readonly bits: Uint8Array;
  /** The query and the core that answer with these parts changed. */
  asked(parts: readonly Part[]): { readonly core: EngineCore; readonly query: RecallQuery };
  /** The list with these parts changed, without the places of `lacking` ads; null where it cannot be asked so. Throws `cancelled`. */
  list(parts: readonly Part[]): Promise<readonly string[] | null>;
  /** Is that list the served one, ad by ad? */
  gives(parts: readonly Part[]): Promise<boolean>;
}

/** A run that an earlier as-of or another breadth makes impossible gives no list; anything else is an error. */
const impossible = (error: unknown): boolean =>
  error instanceof RecallError && ['unsupported', 'unknown-event', 'usage'].includes(error.code);

const queryWith = ({ deps }: EngineCore, query: RecallQuery, parts: readonly Part[]): RecallQuery =>
  parts.reduce((asked, part): RecallQuery => {
    switch (part.type) {
      case 'lift':
        return asked;
      case 'ef':
        return { ...asked, ef: part.ef };
      case 'age':
        return { ...asked, asOf: part.asOf, ...(part.held ? { context: heldContext(deps.settings, query) } : {}) };
    }
  }, query);

export const createTrial = (
  { core }: Engine,
  query: RecallQuery,
  request: ServedRequest,
  signal: AbortSignal | undefined,
): Trial => {
  const bits = dropBitsOf(core, query);
  const ordinals = request.list.map((adId) => core.deps.catalog.ordinalOf(adId) ?? -1);
  const served = ordinals.filter((ordinal) => ordinal >= 0);
  const lacking = ordinals.length - served.length;
  const ids = request.list.filter((_, i) => (ordinals[i] ?? -1) >= 0);
  const lists = new Map<string, readonly string[] | null>();
  const cores = new Map<string, EngineCore>();
  const judged = (lifted: ReadonlyArray<Extract<Part, { type: 'lift' }>>): EngineCore => {
    const key = keyOf(lifted);
    const known = cores.get(key) ?? core.withEligibility(codesWithout(bits, lifted, new Set(served)));
    cores.set(key, known);
    return known;
  };
  const asked: Trial['asked'] = (parts) => ({
    core: judged(parts.flatMap((part) => (part.type === 'lift' ? [part] : []))),
    query: queryWith(core, query, parts),
  });
  const run = async (parts: readonly Part[]): Promise<readonly string[] | null> => {
    throwIfAborted(signal);
    await yieldToEventLoop();
    const one = asked(parts);
    try {
      const { candidates } = await recall(one.core, one.query, signal === undefined ? {} : { signal });
      return candidates.slice(0, Math.max(0, one.query.k - lacking)).map(({ adId }) => adId);
    } catch (error) {
      if (!impossible(error)) throw error;
      return null;
    }
  };
  const list: Trial['list'] = async (parts) => {
    const key = keyOf(parts);
    const known = lists.get(key);
    const found = known === undefined ? await run(parts) : known;
    lists.set(key, found);
    return found;
  };
  return {
    core,
    query,
    request,
    bits,
    asked,
    list,
    served,
    lacking,
    gives: async (parts) => {
      const found = await list(parts);
      return found !== null && sameIds(found, ids);
    },
  };
};
