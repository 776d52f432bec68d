import type { RecallRow } from '../../answers/recall.ts';
import type { RecallAnswer } from '../../state/types.ts';
import { movementOf } from '../../state/movement.ts';
import { currentList, otherMode, selectedAd } from '../../state/select.ts';
import type { AppState } from '../../state/state.ts';
import type { Mode } from '../../domain/query.ts';
import { profileOf, type ListProfile } from '../../domain/list-profile.ts';
import { byCodeUnit } from '../../base/order.ts';
import { likeness, placedBy } from '../answers/recall/compare-sentences.ts';
import { percent, price } from '../text/figures.ts';
import { span, text, type Line } from '../text/line.ts';
import { sentence } from '../text/sentences.ts';
import { table, type Column } from '../text/table.ts';

type Read = Pick<AppState, 'lists' | 'mode' | 'compare' | 'workspace' | 'selectedAd'>;

/** Where the list beside has the ad: its rank there, or that only this list holds it. */
export const thereColumn = (mode: Mode, other: RecallAnswer | undefined): Column<RecallRow> => {
  const ranks = new Map(other?.data.candidates.map((ad) => [ad.adId, ad.rank]));
  const cell = ({ adId }: RecallRow): string | Line => {
    const rank = ranks.get(adId);
    return rank === undefined ? [span(other === undefined ? '' : 'only', 'accent')] : `#${rank}`;
  };
  return { title: mode, align: 'right', cell };
};

/** The two lists on the screen; null while there are not two. */
const pairOf = (
  state: Read,
): { readonly a: RecallAnswer; readonly b: RecallAnswer; readonly names: readonly [Mode, Mode] } | null => {
  const [a, b] = [currentList(state), state.lists[otherMode(state)]];
  return state.compare && a !== null && b !== undefined ? { a, b, names: [state.mode, otherMode(state)] } : null;
};

/** What the list beside says of the ad under the cursor. */
export const thereLines = (state: Read, width: number): Line[] => {
  const pair = pairOf(state);
  const ad = selectedAd(state);
  if (pair === null || ad === null) return [];
  const there = pair.b.data.candidates.find(({ adId }) => adId === ad.adId);
  const found = there?.channels.map((c) => `${c.channel} ${c.rank}`).join(' · ');
  return sentence(
    there === undefined
      ? `Only in ${pair.names[0]}: not in ${pair.names[1]}'s list.`
      : `In ${pair.names[1]}: rank ${there.rank}, placed by ${there.via} (${found}).`,
    width,
    'accent',
  );
};

const placed = (name: Mode, { data }: RecallAnswer): string[] => {
  const counts = new Map<string, number>();
  for (const { via } of data.candidates) counts.set(via, (counts.get(via) ?? 0) + 1);
  return placedBy(
    name,
    [...counts].sort(([x, m], [y, n]) => n - m || byCodeUnit(x, y)),
  );
};

interface Trait {
  readonly what: string;
  readonly a: string;
  readonly b: string;
}

const mostCategories = 6;

/** Categories by the gap between the lists, then the prices. */
const traits = (a: ListProfile, b: ListProfile): Trait[] => {
  const shares = [a, b].map(({ categories }) => new Map(categories.map(({ category, share }) => [category, share])));
  const share = (side: 0 | 1, category: string): number => shares[side]?.get(category) ?? 0;
  const gap = (category: string): number => Math.abs(share(0, category) - share(1, category));
  const categories = [...new Set([...a.categories, ...b.categories].map(({ category }) => category))]
    .sort((x, y) => gap(y) - gap(x) || byCodeUnit(x, y))
    .slice(0, mostCategories);
  const half = ({ price: p }: ListProfile): string => (p === null ? '–' : `${price(p.q1)}–${price(p.q3)}`);
  return [
    ...categories.map((category) => ({
      what: category === '' ? 'no category' : category,
      a: percent(share(0, category)),
      b: percent(share(1, category)),
    })),
    { what: 'median price', a: price(a.price?.median ?? null), b: price(b.price?.median ?? null) },
    { what: 'half of the prices', a: half(a), b: half(b) },
  ];
};

/** How alike the two lists on the screen are, who placed them, what they are made of; nothing while there are not two. */
export const comparisonLines = (state: Read, width: number): Line[] => {
  const pair = pairOf(state);
  if (pair === null) return [];
  const {
    a,
    b,
    names: [nameA, nameB],
  } = pair;
  const { truth } = a.data;
  return [
    text(`${nameA} | ${nameB}`, 'bold'),
    ...sentence(
      likeness(movementOf(a, b).overlap, [nameA, a.data.candidates.length], [nameB, b.data.candidates.length]),
      width,
    ),
    ...(truth.engaged === 0
      ? []
      : sentence(
          `Engaged ads recalled: ${truth.recalled} against ${b.data.truth.recalled} of ${truth.engaged}.`,
          width,
        )),
    ...[...placed(nameA, a), ...placed(nameB, b)].flatMap((line) => sentence(line, width, 'dim')),
    ...table<Trait>(
      [
        { title: 'made of', cell: ({ what }) => what, flex: 1, min: 10 },
        { title: nameA, align: 'right', cell: ({ a: at }) => at },
        { title: nameB, align: 'right', cell: ({ b: at }) => at },
      ],
      traits(profileOf(a.data.candidates), profileOf(b.data.candidates)),
      width,
    ),
    ...sentence(':compare adds what each rule saw and which groups carry a list; W leaves a part out.', width, 'dim'),
  ];
};
