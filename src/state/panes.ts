import { t } from '../base/texts.ts';
import type { AppState } from './state.ts';
import type { Detail, Pane, PaneName } from './types.ts';

/** How many of `all` cells a pane takes. */
export type Share = (all: number) => number;

/** Where a pane stands. In each part panes with a share come first, then the one without, which takes the rest. */
export interface PanePlace {
  /** The field of the state that shows it; absent: it is always there. */
  readonly while?: 'weightsOpen';
  /** List above detail; a share of the columns. */
  readonly split: { readonly part: 'top' | 'bottom'; readonly width?: Share };
  /** Three columns; a share of the rows. */
  readonly columns: { readonly part: 'left' | 'middle' | 'right'; readonly height?: Share };
  /** One pane at a time: the pane that stands below it all the same; a share of the rows. */
  readonly tabs?: { readonly above: Pane; readonly height: Share };
}

export interface PaneRecord {
  /** As the help and the palette name it. */
  readonly title: () => string;
  /** As its frame, the footer and the tabs name it. */
  readonly label: () => string;
  /** A rectangle of its own, or the kinds of detail that are this pane, in the detail's place. */
  readonly place: PanePlace | { readonly kinds: readonly Detail['kind'][] };
}

const within = (least: number, cells: number, most: number): number =>
  Math.min(most, Math.max(least, Math.round(cells)));

const records: Readonly<Record<PaneName, PaneRecord>> = {
  behaviour: {
    title: () => t('Behaviour of the user'),
    label: () => t('behaviour'),
    place: { split: { part: 'top', width: (all) => within(30, all * 0.3, 44) }, columns: { part: 'left' } },
  },
  recall: {
    title: () => t('Recalled list'),
    label: () => t('recall'),
    place: { split: { part: 'top' }, columns: { part: 'middle' } },
  },
  detail: {
    title: () => t('Detail: overview, or the last answer'),
    label: () => t('detail'),
    place: { split: { part: 'bottom' }, columns: { part: 'right' } },
  },
  weights: {
    title: () => t('Sliders of weights and quotas'),
    label: () => t('weights'),
    place: {
      while: 'weightsOpen',
      split: { part: 'bottom', width: (all) => Math.round(all * 0.48) },
      columns: { part: 'right', height: (all) => within(0, all * 0.35, 16) },
      tabs: { above: 'detail', height: (all) => Math.min(10, Math.ceil(all * 0.45)) },
    },
  },
  tried: {
    title: () => t('Trials of this user'),
    label: () => t('tried'),
    place: { kinds: ['trials'] },
  },
  session: {
    title: () => t('Session: recording and player'),
    label: () => t('session'),
    place: { kinds: ['session', 'recordings'] },
  },
};

export interface NamedPane extends PaneRecord {
  readonly name: PaneName;
  /** The digit that focuses it, which its title shows. */
  readonly key: string;
}

const isName = (name: string): name is PaneName => name in records;

/** Every pane, in the order of its digit. */
export const panes: readonly NamedPane[] = Object.keys(records)
  .filter(isName)
  .map((name, i) => ({ ...records[name], name, key: String(i + 1) }));

/** The name of a pane in the language of the screen. */
export const paneTitle = (name: PaneName): string => records[name].label();

export const paneKey = (name: PaneName): string => panes.find((pane) => pane.name === name)?.key ?? '';

export const isRectangle = (name: PaneName): name is Pane => 'split' in records[name].place;

/** Every pane with a rectangle, in the order Tab visits them. */
export const rectangles: readonly Pane[] = panes.map(({ name }) => name).filter(isRectangle);

export const placeOfPane = (pane: Pane): PanePlace | null => {
  const { place } = records[pane];
  return 'split' in place ? place : null;
};

/** What stands in the detail's place. */
export const detailName = ({ detail }: Pick<AppState, 'detail'>): PaneName =>
  panes.find(({ place }) => 'kinds' in place && place.kinds.includes(detail.kind))?.name ?? 'detail';

/** The pane that has the keys. */
export const focusedName = (state: Pick<AppState, 'detail' | 'focus'>): PaneName =>
  state.focus === 'detail' ? detailName(state) : state.focus;
