import { editDistance } from '../../base/edit-distance.ts';
import { byCodeUnit } from '../../base/order.ts';
import type { IdList } from './id-list.ts';

const prefixCandidates = 2_000;
const longestQuery = 64;

/** Ids around where the wrong id would stand: those that share its longest possible prefix. */
const neighbours = (ids: IdList, id: string): string[] => {
  for (let length = id.length; length >= 0; length--) {
    const prefix = id.slice(0, length);
    const from = ids.lowerBound(prefix);
    const until = length === 0 ? ids.count : ids.lowerBound(`${prefix}\uffff`);
    if (until - from < 8 && length > 0) continue;
    const start = Math.max(from, Math.min(ids.lowerBound(id) - prefixCandidates / 2, until - prefixCandidates));
    return Array.from({ length: Math.min(prefixCandidates, until - start) }, (_, i) => ids.at(start + i));
  }
  return [];
};

/** Every text one edit away over the characters the id itself and plain ids use. */
const oneEditAway = (id: string): Set<string> => {
  const letters = new Set([...id, ...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_:']);
  const texts = new Set<string>();
  for (let i = 0; i <= id.length; i++) {
    const [head, tail] = [id.slice(0, i), id.slice(i)];
    texts.add(head + tail.slice(1));
    if (tail.length > 1) texts.add(head + tail.charAt(1) + tail.charAt(0) + tail.slice(2));
    for (const letter of letters) texts.add(head + letter + tail).add(head + letter + tail.slice(1));
  }
  return texts;
};

/**
 * Ids nearest to a misspelt one: by edit distance, then code-unit order, over the ids that share a
 * prefix, stand one edit away, or contain it (`containing`, from the database).
 */
export const nearestIds = (ids: IdList, wrong: string, limit: number, containing: readonly string[]): string[] => {
  const id = wrong.slice(0, longestQuery);
  const candidates = new Set([...neighbours(ids, id), ...containing]);
  for (const text of oneEditAway(id)) if (!candidates.has(text) && ids.find(text) !== null) candidates.add(text);
  return [...candidates]
    .map((candidate) => ({ candidate, distance: editDistance(id, candidate.slice(0, longestQuery * 2)) }))
    .sort((a, b) => a.distance - b.distance || byCodeUnit(a.candidate, b.candidate))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
};
