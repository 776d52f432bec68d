import { conditions } from '../../domain/filter/users.ts';
import type { UsersWho } from '../../engine/ports/ports.ts';
import type { ArgValues } from '../../console/command.ts';
import { listArg, numberArg } from '../../console/arg-values.ts';

/** Words of a condition; quotes are gone by now. */
const wordsOf = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== '');

/** `cart:耳机`: a kind of behaviour and words of the ad, the query or nothing. */
const didOf = (text: string): { readonly kind: string; readonly words: readonly string[] } => {
  const at = text.search(/[:：]/u);
  return at < 0 ? { kind: text, words: [] } : { kind: text.slice(0, at), words: wordsOf(text.slice(at + 1)) };
};

/** The conditions of `users`, which must all hold; no event at or after `asOf` counts. */
export const conditionsOf = (args: ArgValues, asOf: number | null): UsersWho[] => {
  const before = Math.min(numberArg(args, 'before') ?? Infinity, asOf ?? Infinity);
  const after = numberArg(args, 'after');
  const span = { before, ...(after === undefined ? {} : { from: after }) };
  const named = conditions.flatMap(({ name, of, kinds }) =>
    listArg(args, name).map((text): UsersWho => ({ of, kinds, words: wordsOf(text), ...span })),
  );
  const did = listArg(args, 'did')
    .map(didOf)
    .map(({ kind, words }): UsersWho => ({ of: kind === 'search' ? 'query' : 'ad', kinds: [kind], words, ...span }));
  return [...named, ...did];
};

export const inAll = (lists: ReadonlyArray<readonly string[]>): string[] => {
  const [first = [], ...others] = lists;
  const sets = others.map((ids) => new Set(ids));
  return first.filter((id) => sets.every((set) => set.has(id)));
};
