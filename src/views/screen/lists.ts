import { t } from '../../base/texts.ts';
import { cursorIndex, shownIndexes } from '../../state/detail-list.ts';
import type { AppState } from '../../state/state.ts';
import type { ContrastRow, PresetList, Trial, TrialEffect } from '../../state/types.ts';
import type { SessionRow } from '../../answers/session.ts';
import { currentTrial } from '../../state/trials.ts';
import { fitPercent } from '../../base/percent.ts';
import type { LossReason } from '../../domain/loss-reasons.ts';
import type { Loss } from '../../domain/losses.ts';
import { count, figure, plural } from '../text/figures.ts';
import { lossText } from '../text/losses.ts';
import { fitLine, span, text, type Line } from '../text/line.ts';
import { beside, selectedLine, windowStart } from './box.ts';
import { changeWords } from './change.ts';
import { errorLines } from './error.ts';
import { noMatch } from './filter.ts';
import { sentence } from '../text/sentences.ts';
import { table, type Column } from '../text/table.ts';

/** What a list in the detail's place is laid out from, besides its rows. */
export const listReads = ['trials', 'query', 'filters'] as const;
type ListRead = Pick<AppState, (typeof listReads)[number] | 'detail'>;

/** Rows of a table around the one under the cursor, which is marked. */
const listed = <Row extends { readonly at: number }>(
  columns: ReadonlyArray<Column<Row>>,
  rows: readonly Row[],
  cursor: number | null,
  width: number,
  height: number,
): Line[] => {
  const chosen = rows.findIndex(({ at }) => at === cursor);
  const room = Math.max(1, height - 1);
  const from = windowStart(chosen, rows.length, room);
  return table(columns, rows.slice(from, from + room), width).map((line, i) =>
    i === chosen - from + 1 ? selectedLine(line, width) : fitLine(line, width),
  );
};

/** The rows a filter leaves, each with its index among all. */
const kept = <Row>(rows: readonly Row[], shown: readonly number[]): Array<Row & { readonly at: number }> =>
  shown.flatMap((at) => {
    const row = rows[at];
    return row === undefined ? [] : [{ ...row, at }];
  });

const effectWords = (effect: TrialEffect | null): string =>
  effect === null
    ? ''
    : t('{entered} in · {left} out · {moved} moved', {
        entered: effect.entered,
        left: effect.left,
        moved: effect.moved,
      });

/** Everything tried on this user, oldest first, with what it did against the list pinned then. */
export const trialLines = (state: ListRead, width: number, height: number): Line[] => {
  if (state.trials.length === 0)
    return sentence(t('No trial yet. w opens the sliders, P the presets, t and [ ] move in time.'), width, 'dim');
  const current = currentTrial(state);
  const row = cursorIndex(state);
  if (row === null) return noMatch(plural(state.trials.length, 'trial'), state.filters.trials ?? '', width);
  return listed<Trial & { readonly at: number }>(
    [
      { title: '  #', align: 'right', cell: ({ at }) => `${at === row ? '▸' : ' '}${String(at).padStart(3)}` },
      {
        title: t('tried'),
        cell: ({ from, query, at }) => changeWords(from, query) || (at === 0 ? t('as opened') : t('the same query')),
        flex: 1,
        min: 16,
      },
      { title: t('effect'), cell: ({ effect }) => effectWords(effect) },
      {
        title: t('RBO'),
        align: 'right',
        cell: ({ effect }) => (effect === null ? '' : figure(effect.rbo, 2)),
        drop: 1,
      },
      { title: t('list'), cell: ({ effect }) => effect?.mode ?? '', drop: 2 },
      { title: '', cell: ({ at }) => (at === current ? t('now') : '') },
    ],
    kept(state.trials, shownIndexes(state)),
    row,
    width,
    height,
  );
};

const leaf = (value: string | number | boolean | null): string =>
  value === null ? '–' : value === '' ? t('none') : String(value);

const differences = ({ rows, differences: diff }: PresetList, row: number, width: number): Line[] => {
  const name = rows?.[row]?.name ?? '';
  if (diff === null || diff.name !== name) return [text(t('comparing…'), 'dim')];
  if (diff.rows.length === 0)
    return sentence(t('The query already has the settings of {preset}.', { preset: name }), width, 'good');
  return [
    [span(t('{preset} changes {settings}', { preset: name, settings: plural(diff.rows.length, 'setting') }), 'bold')],
    ...table<(typeof diff.rows)[number]>(
      [
        { title: t('setting'), cell: (d) => d.path, flex: 1, min: 10 },
        { title: t('now'), cell: (d) => leaf(d.a), max: 24 },
        { title: name, cell: (d) => leaf(d.b), max: 24 },
      ],
      diff.rows,
      width,
    ),
  ];
};

/** The presets, and what the one under the cursor would change. */
export const presetLines = (
  state: ListRead,
  list: PresetList,
  width: number,
  height: number,
  ascii: boolean,
): Line[] => {
  if (list.error !== null) return errorLines(list.error, width);
  if (list.rows === null) return [text(t('reading presets…'), 'dim')];
  if (list.rows.length === 0)
    return sentence(t('This workspace has no presets. S saves the current settings as one.'), width, 'dim');
  const row = cursorIndex(state);
  if (row === null) return noMatch(plural(list.rows.length, 'preset'), state.filters.presets ?? '', width);
  const rows = kept(list.rows, shownIndexes(state));
  const side = width >= 90;
  const w = side ? Math.floor(width * 0.45) : width;
  const left = (room: number): Line[] =>
    listed(
      [
        { title: `  ${t('preset')}`, cell: (r: (typeof rows)[number]) => `${r.at === row ? '▸' : ' '} ${r.name}` },
        { title: t('title'), cell: (r) => r.title, flex: 1, min: 8, drop: 1 },
        { title: t('source'), cell: (r) => r.from, drop: 2 },
      ],
      rows,
      row,
      w,
      room,
    );
  if (side) return beside(left(height), differences(list, row, width - w - 3), w, [span(ascii ? ' | ' : ' │ ', 'dim')]);
  const room = Math.min(rows.length + 1, Math.max(3, Math.floor(height / 2)));
  return [...left(room), [], ...differences(list, row, width)];
};

/** The sessions of a listing; enter plays the one under the cursor. */
export const recordingLines = (
  state: ListRead,
  recordings: readonly SessionRow[],
  width: number,
  height: number,
): Line[] => {
  const row = cursorIndex(state);
  if (row === null) return noMatch(plural(recordings.length, 'session'), state.filters.recordings ?? '', width);
  return listed<SessionRow & { readonly at: number }>(
    [
      {
        title: `  ${t('session')}`,
        cell: (r) => `${r.at === row ? '▸' : ' '} ${r.path.split('/').at(-1) ?? r.path}`,
        min: 12,
      },
      { title: t('steps'), align: 'right', cell: (r) => (r.problem === null ? String(r.steps) : '-') },
      { title: t('pins'), align: 'right', cell: (r) => (r.problem === null ? String(r.expectations) : '-'), drop: 2 },
      { title: t('note'), cell: (r) => r.problem ?? r.note.split('\n')[0] ?? '', flex: 1, min: 8, drop: 1 },
    ],
    kept(recordings, shownIndexes(state)),
    row,
    width,
    height,
  );
};

/** The users an answer names; enter opens the one under the cursor with both lists side by side. */
export const peopleLines = (state: ListRead, people: readonly ContrastRow[], width: number, height: number): Line[] => {
  const row = cursorIndex(state);
  if (row === null) return noMatch(plural(people.length, 'user'), state.filters.people ?? '', width);
  return listed<ContrastRow & { readonly at: number }>(
    [
      { title: `  ${t('user')}`, cell: (p) => `${p.at === row ? '▸' : ' '} ${p.userId}`, flex: 1, min: 10 },
      { title: t('RBO'), align: 'right', cell: (p) => figure(p.rbo, 3) },
      { title: t('recall'), align: 'right', cell: (p) => figure(p.delta, 4, true), drop: 1 },
    ],
    kept(people, shownIndexes(state)),
    row,
    width,
    height,
  );
};

/** The reasons of a funnel; enter asks for the users of the one under the cursor. */
export const reasonLines = (state: ListRead, reasons: readonly LossReason[], width: number, height: number): Line[] => {
  const row = cursorIndex(state);
  if (row === null) return noMatch(plural(reasons.length, 'reason'), state.filters.reasons ?? '', width);
  return listed<LossReason & { readonly at: number }>(
    [
      {
        title: `  ${t('reason')}`,
        cell: (r) => `${r.at === row ? '▸' : ' '} ${lossText({ verdict: r.reason, detail: r.detail })}`,
        flex: 1,
        min: 16,
      },
      { title: t('users'), align: 'right', cell: (r) => count(r.users) },
      { title: t('pairs'), align: 'right', cell: (r) => count(r.pairs), drop: 2 },
      { title: t('share'), align: 'right', cell: (r) => fitPercent(r.share) },
      {
        title: t('ranks missing (p50)'),
        align: 'right',
        drop: 1,
        cell: (r) => (r.margins.rank === null ? '–' : count(Math.round(r.margins.rank.p50))),
      },
    ],
    kept(reasons, shownIndexes(state)),
    row,
    width,
    height,
  );
};

/** The users of one reason, nearest first; enter opens the one under the cursor with the why-not of the ad. */
export const lossLines = (state: ListRead, losses: readonly Loss[], width: number, height: number): Line[] => {
  const row = cursorIndex(state);
  if (row === null) return noMatch(plural(losses.length, 'user'), state.filters.losses ?? '', width);
  return listed<Loss & { readonly at: number }>(
    [
      { title: `  ${t('user')}`, cell: (l) => `${l.at === row ? '▸' : ' '} ${l.userId}`, min: 10 },
      { title: t('ad'), cell: (l) => l.adId, flex: 1, min: 8, drop: 2 },
      { title: t('channel'), cell: (l) => l.channel ?? '–', drop: 1 },
      { title: t('ranks missing'), align: 'right', cell: (l) => (l.rankMargin === null ? '–' : count(l.rankMargin)) },
      { title: t('score missing'), align: 'right', cell: (l) => figure(l.margin), drop: 3 },
    ],
    kept(losses, shownIndexes(state)),
    row,
    width,
    height,
  );
};
