import { t } from '../../base/texts.ts';
import type { RecallRow } from '../../answers/recall.ts';
import type { RecallAnswer } from '../../state/types.ts';
import { movementOf } from '../../state/movement.ts';
import { chosenColumns } from '../../state/actions/column-actions.ts';
import { shownAds, baselineFor, currentList, isListStale, otherMode } from '../../state/select.ts';
import type { ColumnName } from '../../state/sorting.ts';
import { paneTitle } from '../../state/panes.ts';
import type { AppState } from '../../state/state.ts';
import { modes, type Mode } from '../../domain/query.ts';
import { truncateCells } from '../text/cells.ts';
import { figure, plural } from '../text/figures.ts';
import { fitLine, span, text, type Line, type Span } from '../text/line.ts';
import { thereColumn } from './compare.ts';
import { beside, selectedLine, windowStart } from './box.ts';
import { sortArrow } from './columns.ts';
import { filterNote, noMatch } from './filter.ts';
import { errorLines } from './error.ts';
import { reading, still, type PaneView } from './pane.ts';
import { didIt, hitsText, sentence } from '../text/sentences.ts';
import { rankArrow, table, type Column } from '../text/table.ts';

export const engagedMark = (ad: RecallRow, ascii: boolean): string =>
  ad.engaged ? `${ascii ? '*' : '✓'} ${ad.engagement == null ? t('engaged') : didIt(ad.engagement.kind)}` : '';

/** What the list is laid out from. */
const readOf = [
  'lists',
  'mode',
  'compare',
  'selectedAd',
  'baseline',
  'listErrors',
  'workspace',
  'filters',
  'sort',
  'columns',
] as const;
type Read = Pick<AppState, (typeof readOf)[number]>;

interface Movements {
  readonly from: ReadonlyMap<string, number>;
  readonly shown: boolean;
}

/** Ranks in the pinned list, where it is another answer to the same mode. */
const movements = (state: Read, answer: RecallAnswer): Movements => {
  const baseline = baselineFor(state.baseline, answer);
  return { shown: baseline !== null, from: new Map(baseline?.data.candidates.map((ad) => [ad.adId, ad.rank]) ?? []) };
};

type AllColumns = Readonly<Record<ColumnName, Column<RecallRow>>>;

/** Every column there is. On a narrow screen the highest `drop` goes first: what somebody chose outlasts what is usual. */
const allColumns = (state: Read, from: Movements['from'], ascii: boolean): AllColumns => {
  const title = (name: ColumnName, word: string): string => `${word}${sortArrow(state.sort, name, ascii)}`;
  return {
    rank: {
      title: title('rank', '  #'),
      align: 'right',
      cell: (ad) => `${ad.adId === state.selectedAd ? '▸' : ' '}${String(ad.rank).padStart(3)}`,
    },
    ad: { title: title('ad', t('ad')), cell: (ad) => (ad.title === '' ? ad.adId : ad.title), flex: 3, min: 14 },
    moved: {
      title: title('moved', t('moved')),
      cell: (ad) => rankArrow(from.get(ad.adId) ?? null, ad.rank, ascii),
      min: 5,
      drop: 12,
    },
    score: { title: title('score', t('score')), align: 'right', cell: (ad) => figure(ad.score) },
    model: {
      title: title('model', t('model')),
      align: 'right',
      cell: (ad) => (ad.modelScore === null ? '' : figure(ad.modelScore)),
      drop: 1,
    },
    via: { title: title('via', t('via')), cell: (ad) => ad.via, drop: 13 },
    from: {
      title: title('from', t('from')),
      cell: (ad): Span => span(hitsText(ad.channels)),
      flex: 2,
      min: 12,
      drop: 11,
    },
    category: { title: title('category', t('category')), cell: (ad) => ad.category, flex: 2, min: 8, drop: 3 },
    brand: { title: title('brand', t('brand')), cell: (ad) => ad.brand, max: 14, drop: 4 },
    price: {
      title: title('price', t('price')),
      align: 'right',
      cell: (ad) => (ad.price === null ? '' : String(ad.price)),
      drop: 2,
    },
    id: { title: title('id', t('id')), cell: (ad) => ad.adId, max: 16, drop: 5 },
    engaged: { title: title('engaged', t('engaged')), cell: (ad) => span(engagedMark(ad, ascii), 'good'), drop: 14 },
  };
};

const columnsOf = (
  state: Read,
  answer: RecallAnswer,
  ascii: boolean,
  there: Column<RecallRow> | null,
  lean: boolean,
): ReadonlyArray<Column<RecallRow>> => {
  const { from, shown: moving } = movements(state, answer);
  const all = allColumns(state, from, ascii);
  const names = chosenColumns(state).filter(
    (name) => (name !== 'moved' || moving) && !(lean && (name === 'via' || name === 'from')),
  );
  if (there === null) return names.map((name) => all[name]);
  // Two lists side by side: the other list's rank and the engagement outlast the score.
  return names.flatMap((name) =>
    name === 'ad' ? [{ ...all.ad, min: 12 }, there] : name === 'score' ? [{ ...all.score, drop: 15 }] : [all[name]],
  );
};

const listLines = (
  state: Read,
  answer: RecallAnswer,
  width: number,
  height: number,
  ascii: boolean,
  there: Column<RecallRow> | null = null,
  lean = false,
): Line[] => {
  if (answer.data.candidates.length === 0) return emptyList(answer, width);
  const ads = shownAds(state, answer);
  if (ads.length === 0) return noMatch(plural(answer.data.candidates.length, 'ad'), state.filters.recall ?? '', width);
  const room = Math.max(1, height - 1);
  const row = Math.max(
    0,
    ads.findIndex((ad) => ad.adId === state.selectedAd),
  );
  const from = windowStart(row, ads.length, room);
  const shown = ads.slice(from, from + room);
  return table(columnsOf(state, answer, ascii, there, lean), shown, width).map((line, i) =>
    i > 0 && shown[i - 1]?.adId === state.selectedAd ? selectedLine(line, width) : fitLine(line, width),
  );
};

const emptyList = (answer: RecallAnswer, width: number): Line[] => [
  text(t('The list is empty.'), 'bold'),
  ...Object.entries(answer.data.silent).flatMap(([channel, why]) => sentence(`${channel}: ${why}`, width, 'dim')),
  ...sentence(t('Try another list (h, l), or another user (f).'), width),
];

const waiting = (state: Read, mode: Mode, width: number): Line[] => {
  const error = state.listErrors[mode];
  if (error !== undefined) return errorLines(error, width);
  return [text(t('recalling…'), 'dim')];
};

/** Engaged ads in the list, of all engaged ads; empty where the user engaged with none. */
const engagedOf = ({ data: { truth } }: RecallAnswer): string[] =>
  truth.engaged > 0 ? [t('engaged {n} of {total}', { n: truth.recalled, total: truth.engaged })] : [];

const compareLines = (state: Read, width: number, height: number, ascii: boolean): Line[] => {
  const left = currentList(state);
  const right = state.lists[otherMode(state)];
  if (left === null) return waiting(state, state.mode, width);
  const half = Math.floor((width - 3) / 2);
  const rest = width - half - 3;
  const title = (mode: string, answer: RecallAnswer | undefined): Line => [
    span(mode, 'bold'),
    span(
      answer === undefined
        ? ''
        : `  ${[plural(answer.data.candidates.length, 'ad'), ...engagedOf(answer)].join(' · ')}`,
      'dim',
    ),
  ];
  const body = (mode: Mode, answer: RecallAnswer | undefined, there: Column<RecallRow>, w: number): Line[] =>
    answer === undefined ? waiting(state, mode, w) : listLines(state, answer, w, height - 1, ascii, there, w < 62);
  const other = otherMode(state);
  const a = [title(state.mode, left), ...body(state.mode, left, thereColumn(other, right), half)];
  const b = [title(other, right), ...body(other, right, thereColumn(state.mode, left), rest)];
  return beside(a, b, half, [span(ascii ? ' | ' : ' │ ', 'dim')]);
};

/** The recalled list, or the model's and the rules' side by side. */
const recallLines = (state: Read, width: number, height: number, ascii: boolean): Line[] => {
  if (state.compare && width >= 60) return compareLines(state, width, height, ascii);
  const answer = currentList(state);
  if (answer === null || state.listErrors[state.mode] !== undefined) return waiting(state, state.mode, width);
  const said = answer.data.approximations.map((one): Line => [
    span(truncateCells(`${ascii ? '~' : '≈'} ${one}`, width), 'warn'),
  ]);
  return [...listLines(state, answer, width, height - said.length, ascii), ...said];
};

/** `model 100 ─ legacy ─ …`: which list is shown, which are known and how long they are. */
const recallTitle = (state: AppState): Line => {
  const tabs = modes.flatMap((mode, i): Span[] => {
    const answer = state.lists[mode];
    const label = answer === undefined ? mode : `${mode} ${answer.data.candidates.length}`;
    return [
      ...(i === 0 ? [] : [span(' · ', 'dim')]),
      mode === state.mode ? span(`[${label}]`, 'bold') : span(label, 'dim'),
    ];
  });
  return [span(`${paneTitle('recall')} `, 'bold'), ...tabs, ...(isListStale(state) ? [span(' …', 'warn')] : [])];
};

/** At the right of the list's frame: the overlap, or movement against the pinned list. */
const recallNote = (state: AppState): Line => {
  const answer = currentList(state);
  if (answer === null) return [];
  if (state.filters.recall !== undefined)
    return filterNote(shownAds(state, answer).length, answer.data.candidates.length, state.filters.recall);
  const other = state.lists[otherMode(state)];
  if (state.compare && other !== undefined)
    return [
      span(
        t('{n} of {total} shared', {
          n: movementOf(answer, other).overlap.common,
          total: answer.data.candidates.length,
        }),
      ),
    ];
  const baseline = baselineFor(state.baseline, answer);
  if (baseline !== null) {
    const m = movementOf(baseline, answer);
    return [
      span(
        t('{entered} in · {left} out · {moved} moved', {
          entered: m.entered.length,
          left: m.left.length,
          moved: m.moved.length,
        }),
      ),
    ];
  }
  return engagedOf(answer).map((words) => span(words, 'good'));
};

export const recallView: PaneView = {
  title: recallTitle,
  note: recallNote,
  content: reading(readOf, (state, width, height, ascii) => still(recallLines(state, width, height, ascii))),
};
