import type { UsersWho } from '../../engine/ports/ports.ts';
import type { ArgValues } from '../../console/command.ts';
import { listArg, numberArg } from '../../console/arg-values.ts';

/** One thing a user did, as it is asked for: `bought:"扫地机器人"`. */
interface Condition {
  readonly name: string;
  readonly of: UsersWho['of'];
  readonly kinds: readonly string[];
  readonly doc: string;
}

/** The kinds each word stands for; `did` names any other. */
export const conditions: readonly Condition[] = [
  {
    name: 'bought',
    of: 'ad',
    kinds: ['purchase', 'buy', 'order'],
    doc: 'Who bought an ad with all of these words in title, category, brand or id.',
  },
  { name: 'viewed', of: 'ad', kinds: ['view', 'click'], doc: 'Who viewed or clicked such an ad.' },
  { name: 'searched', of: 'query', kinds: ['search'], doc: 'Who searched with all of these words.' },
];

/** Words of a condition; quotes are gone by now. */
const wordsOf = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== '');

/** `cart:耳机`: a kind of behaviour and words of the ad, the query or nothing. */
const didOf = (text: string): { readonly kind: string; readonly words: readonly string[] } => {
  const at = text.search(/[:：]/u);
  return at < 0 ? { kind: text, words: [] } : { kind: text.slice(0, at), words: wordsOf(text.slice(at + 1)) };
};

/** What `users` is asked for as conditions that must all hold; nothing at or after `asOf` counts. */
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

export type UserQuestion =
  | { readonly ok: true; readonly args: ArgValues; readonly bookmarked: boolean }
  | { readonly ok: false; readonly message: string };

const names: readonly string[] = [
  ...conditions.map((condition) => condition.name),
  'did',
  'after',
  'before',
  'is',
  'by',
];

const timeOf = (written: string): number | null =>
  /^\d{4}-\d\d-\d\d(T[\d:.]+Z?)?$/.test(written)
    ? Date.parse(written.length === 10 || written.endsWith('Z') ? written : `${written}Z`)
    : null;

/**
 * The finder's line: `bought:"扫地机器人" searched:智能家居 after:2025-06-01 is:bookmarked`; what has no such
 * name before it is text of the id or of an attribute. `by:disagreement` puts those first whom legacy and
 * model recall the most different lists.
 */
export const parseUserQuestion = (line: string): UserQuestion => {
  const args: Record<string, string | number | boolean | string[]> = {};
  const plain: string[] = [];
  let bookmarked = false;
  for (const [token] of line.matchAll(/(?:"[^"]*(?:"|$)|[^\s"])+/gu)) {
    const parts = /^(\p{L}+)[:：](.*)$/su.exec(token);
    const name = parts?.[1]?.toLowerCase() ?? '';
    const value = (parts?.[2] ?? '').replaceAll('"', '');
    if (parts === null || !names.includes(name)) {
      plain.push(token.replaceAll('"', ''));
      continue;
    }
    if (value === '')
      return {
        ok: false,
        message: `"${name}:" needs ${name === 'is' ? 'bookmarked' : name === 'by' ? 'disagreement' : name === 'after' || name === 'before' ? 'a day: 2025-06-01' : name === 'did' ? 'a kind and words: did:cart:耳机' : 'words: ' + name + ':"扫地机器人"'}`,
      };
    if (name === 'is') {
      if (value !== 'bookmarked') return { ok: false, message: `"is:" knows bookmarked, not "${value}"` };
      bookmarked = true;
    } else if (name === 'by') {
      if (value !== 'disagreement') return { ok: false, message: `"by:" knows disagreement, not "${value}"` };
      args['disagreement'] = true;
    } else if (name === 'after' || name === 'before') {
      const at = timeOf(value);
      if (at === null || Number.isNaN(at))
        return { ok: false, message: `"${name}:" takes a day such as 2025-06-01 (UTC), not "${value}"` };
      args[name] = at;
    } else {
      const before = args[name];
      args[name] = [...(Array.isArray(before) ? before : []), value];
    }
  }
  const match = plain.join(' ').trim();
  return { ok: true, args: match === '' ? args : { ...args, match }, bookmarked };
};
