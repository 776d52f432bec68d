import { t } from '../../base/texts.ts';
import { chosenKnob, knobsOf, type Knob } from '../../state/sliders.ts';
import type { MovementData, TitledAdMovement } from '../../answers/change.ts';
import { movementOf } from '../../state/movement.ts';
import { currentList } from '../../state/select.ts';
import type { RecallAnswer } from '../../state/types.ts';
import { paneTitle } from '../../state/panes.ts';
import type { AppState } from '../../state/state.ts';
import { slider } from '../text/bars.ts';
import { cellWidth, fitCells } from '../text/cells.ts';
import { figure } from '../text/figures.ts';
import { fitLine, span, text, type Line, type Span } from '../text/line.ts';
import { selectedLine, windowStart } from './box.ts';
import { reading, still, type Drawn, type PaneView } from './pane.ts';
import { sentence } from '../text/sentences.ts';
import { rankArrow, table } from '../text/table.ts';

const valueText = (knob: Knob, value: number): string => (knob.place === null ? value.toFixed(2) : String(value));

const deltaSpan = (knob: Knob): Span => {
  const delta = knob.value - knob.pinned;
  return span(
    Math.abs(delta) < 1e-9 ? '' : figure(delta, knob.place === null ? 2 : 0, true),
    delta > 0 ? 'good' : 'bad',
  );
};

const placeText = ({ place, pinnedPlace }: Knob): string =>
  place === null
    ? ''
    : `${place}${pinnedPlace === place || pinnedPlace === 0 ? ' ' : `<${pinnedPlace ?? ''}`}`.padEnd(4);

/** What the sliders are laid out from. */
const readOf = ['mode', 'query', 'baseline', 'workspace', 'selectedSlider', 'emptyGroups', 'focus'] as const;
type Read = Pick<AppState, (typeof readOf)[number]>;

/** A slider for each group, and for each quota where channels are merged; the pinned value marked on it, the difference in figures. */
const weightsLines = (state: Read, width: number, height: number, ascii: boolean): Line[] => {
  const knobs = knobsOf(state);
  const at = Math.max(
    0,
    knobs.findIndex((k) => k.id === chosenKnob(state)?.id),
  );
  const chosen = knobs[at];
  const places = knobs.some((k) => k.place !== null) ? 4 : 0;
  const names = Math.min(18, Math.max(6, ...knobs.map((k) => cellWidth(k.name))));
  const said = (knob: Knob): string =>
    knob.idle === null ? '' : width < 70 && knob.place === null ? t('empty') : knob.idle;
  const idle = Math.max(0, ...knobs.map((k) => cellWidth(said(k))));
  const track = Math.max(6, width - names - places - 22 - Math.max(4, idle));
  const rows = knobs.map((knob): Line => {
    const bar = `${ascii ? '|' : '├'}${slider(knob.value, knob.pinned, knob.least, knob.most, track, ascii)}${ascii ? '|' : '┤'}`;
    const line: Line = [
      span(
        `${knob === chosen ? '▸' : ' '} ${places > 0 ? placeText(knob).padEnd(places) : ''}${fitCells(knob.name, names)} ${knob.least} `,
      ),
      span(bar, knob.idle === null ? 'accent' : 'dim'),
      span(` ${knob.most}  ${valueText(knob, knob.value)} `),
      deltaSpan(knob),
      ...(knob.idle === null ? [] : [span(`${knob.value === knob.pinned ? '' : ' '}${said(knob)}`, 'warn')]),
    ];
    return knob === chosen && state.focus === 'weights' ? selectedLine(line, width) : fitLine(line, width);
  });
  const hint =
    state.mode === 'model' || state.mode === 'merged'
      ? ''
      : t('Weights act on the model only. The list shown is {mode}; M shows the next.', { mode: state.mode });
  const foot = hint === '' ? [] : [[], ...sentence(hint, width, 'warn')];
  const from = windowStart(at, rows.length, Math.max(1, height));
  return rows.length > height ? rows.slice(from, from + height) : [...rows, ...foot];
};

const scores = (m: TitledAdMovement): string => {
  if (m.from === null) return figure(m.scoreTo);
  if (m.to === null) return figure(m.scoreFrom);
  // Scores of two channels cannot be compared: then the present one alone.
  return m.scoreDelta === null ? figure(m.scoreTo) : `${figure(m.scoreFrom)} → ${figure(m.scoreTo)}`;
};

/** `in by model 10, keyword 4 · out by model 14` */
const channelWords = ({ byChannel }: MovementData): string =>
  (['entered', 'left'] as const)
    .flatMap((way) => {
      const by = byChannel.filter((c) => c[way] > 0).map((c) => `${c.channel} ${c[way]}`);
      if (by.length === 0) return [];
      const channels = by.join(', ');
      return [way === 'entered' ? t('in by {channels}', { channels }) : t('out by {channels}', { channels })];
    })
    .join(' · ');

/** Movement against the pinned list: entered, left, then the largest shifts. Only the rows on the screen are laid out. */
export const movementLines = (
  { baseline, lists, mode }: Pick<AppState, 'baseline' | 'lists' | 'mode'>,
  scroll: number,
  width: number,
  height: number,
  ascii: boolean,
): Drawn => {
  const now = currentList({ lists, mode });
  if (baseline === null || now === null) return still([text(t('waiting for the list…'), 'dim')]);
  return baseline.query.mode === now.query.mode
    ? laidMovement(baseline, now, scroll, width, height, ascii)
    : still(
        sentence(
          t('The pinned list is of {pinned}, this list of {mode}. m pins this list.', {
            pinned: baseline.query.mode,
            mode: now.query.mode,
          }),
          width,
        ),
      );
};

const laidMovement = (
  pin: RecallAnswer,
  now: RecallAnswer,
  scroll: number,
  width: number,
  height: number,
  ascii: boolean,
): Drawn => {
  const m = movementOf(pin, now);
  const all = [...m.entered, ...m.left, ...m.moved];
  if (all.length === 0)
    return still(
      sentence(
        t('No ad moved against the pinned list. h and l change the weight of the selected group.'),
        width,
        'dim',
      ),
    );
  const came = channelWords(m);
  const head = came === '' ? [] : [fitLine(text(came, 'dim'), width)];
  const room = Math.max(1, height - 1 - head.length);
  const most = Math.max(0, all.length - room);
  const from = Math.min(scroll, most);
  const lines = table<TitledAdMovement>(
    [
      { title: t('moved'), cell: (r) => rankArrow(r.from, r.to, ascii), min: 5 },
      { title: t('rank'), cell: (r) => `${r.from ?? '–'} → ${r.to ?? '–'}` },
      { title: t('ad'), cell: (r) => (r.title === '' ? r.adId : r.title), flex: 1, min: 10 },
      { title: t('score'), align: 'right', cell: scores, drop: 1 },
      {
        title: 'Δ',
        align: 'right',
        cell: (r) => (r.scoreDelta === null ? '' : figure(r.scoreDelta, 4, true)),
        drop: 2,
      },
    ],
    all.slice(from, from + room),
    width,
  );
  return { lines: [...head, ...lines], most };
};

export const movementTitle = (state: AppState): Line => {
  const { baseline } = state;
  const now = currentList(state);
  if (baseline === null || now === null || baseline.query.mode !== now.query.mode) return [span(t('movement'), 'bold')];
  const m = movementOf(baseline, now);
  return [
    span(t('movement'), 'bold'),
    span(
      ` ${t('{entered} in · {left} out · {moved} moved · RBO {rbo} · Jaccard {jaccard}', {
        entered: m.entered.length,
        left: m.left.length,
        moved: m.moved.length,
        rbo: figure(m.overlap.rbo, 2),
        jaccard: figure(m.overlap.jaccard, 2),
      })}`,
    ),
  ];
};

export const weightsView: PaneView = {
  title: () => [span(paneTitle('weights'), 'bold'), span(` ${t('against the pinned list')}`, 'dim')],
  note: () => [],
  content: reading(readOf, (state, width, height, ascii) => still(weightsLines(state, width, height, ascii))),
};
