import type { SideRow } from '../../answers/session.ts';
import { compareLists } from '../../domain/compare-lists.ts';
import { mainList } from '../../session/answer.ts';
import type { Answer } from '../../session/format.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** Two lists side by side: what entered, left and moved first; empty where an answer is no list. */
export const sidesOf = (recorded: Answer | null, present: Answer, { catalog }: Workspace): SideRow[] => {
  const [a, b] = [recorded === null ? null : mainList(recorded), mainList(present)];
  if (a === null || b === null) return [];
  const listed = (ids: readonly string[]): Array<{ adId: string; rank: number }> =>
    ids.map((adId, i) => ({ adId, rank: i + 1 }));
  const { entered, left, moved } = compareLists(listed(a.ids), listed(b.ids));
  const different = new Set([...entered, ...left, ...moved].map(({ adId }) => adId));
  const same = b.ids
    .filter((id) => !different.has(id))
    .map((adId) => ({ adId, from: b.ids.indexOf(adId) + 1, to: b.ids.indexOf(adId) + 1 }));
  const rows = [...entered, ...left, ...moved, ...same];
  const ads = catalog.ads(rows.flatMap(({ adId }) => catalog.ordinalOf(adId) ?? []));
  const titles = new Map(ads.map((ad) => [ad.adId, ad.title]));
  return rows.map(({ adId, from, to }) => ({ adId, title: titles.get(adId) ?? '', recorded: from, present: to }));
};
