import { t } from '../../base/texts.ts';
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
import { hitsText, sentence } from '../text/sentences.ts';
import { table, type Column } from '../text/table.ts';

type Read = Pick<AppState, 'lists' | 'mode' | 'compare' | 'workspace' | 'selectedAd'>;

/** The rank of the ad in the other list; `–` where that list does not hold it. */
export const thereColumn = (mode: Mode, other: RecallAnswer | undefined): Column<RecallRow> => {
  const ranks = new Map(other?.data.candidates.map((ad) => [ad.adId, ad.rank]));
  const cell = ({ adId }: RecallRow): string | Line => {
    const rank = ranks.get(adId);
    return rank === undefined ? [span(other === undefined ? '' : '–', 'accent')] : `#${rank}`;
  };
  return { title: t('in {mode}', { mode }), align: 'right', cell };
};

/** The two lists on the screen; null while there are not two. */
const pairOf = (
  state: Read,
): { readonly a: RecallAnswer; readonly b: RecallAnswer; readonly names: readonly [Mode, Mode] } | null => {
  const [a, b] = [currentList(state), state.lists[otherMode(state)]];
  return state.compare && a !== null && b !== undefined ? { a, b, names: [state.mode, otherMode(state)] } : null;
};

/** The place in the other list of the ad under the cursor. */
export const thereLines = (state: Read, width: number): Line[] => {
  const pair = pairOf(state);
  const ad = selectedAd(state);
  if (pair === null || ad === null) return [];
  const there = pair.b.data.candidates.find(({ adId }) => adId === ad.adId);
  return sentence(
    there === undefined
      ? t('In {mode}: not in the list.', { mode: pair.names[1] })
      : there.channels.length === 1
        ? t('In {mode}: rank {rank}, placed by {via}.', { mode: pair.names[1], rank: there.rank, via: there.via })
        : t('In {mode}: rank {rank}, placed by {via}; found by {channels}.', {
            mode: pair.names[1],
            rank: there.rank,
            via: there.via,
            channels: hitsText(there.channels),
          }),
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
      what: category === '' ? t('no category') : category,
      a: percent(share(0, category)),
      b: percent(share(1, category)),
    })),
    { what: t('median price'), a: price(a.price?.median ?? null), b: price(b.price?.median ?? null) },
    { what: t('middle half of the prices'), a: half(a), b: half(b) },
  ];
};

/** How alike the two lists on the screen are, which channels placed them, and their profiles; empty without two lists. */
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
          t('Engaged ads recalled: {a} and {b} of {engaged}.', {
            a: truth.recalled,
            b: b.data.truth.recalled,
            engaged: truth.engaged,
          }),
          width,
        )),
    ...[...placed(nameA, a), ...placed(nameB, b)].flatMap((line) => sentence(line, width, 'dim')),
    ...table<Trait>(
      [
        { title: t('profile'), cell: ({ what }) => what, flex: 1, min: 10 },
        { title: nameA, align: 'right', cell: ({ a: at }) => at },
        { title: nameB, align: 'right', cell: ({ b: at }) => at },
      ],
      traits(profileOf(a.data.candidates), profileOf(b.data.candidates)),
      width,
    ),
    ...sentence(
      t(':compare adds what each rule saw and which groups carry each list. W removes one part.'),
      width,
      'dim',
    ),
  ];
};
