import { t } from '../base/texts.ts';
import type { Result } from '../answers/answers.ts';
import type { ArgValues } from '../console/command.ts';
import { answerJson } from '../console/answer-json.ts';
import { headlessLine } from '../console/format-command.ts';
import { plainQuery } from '../domain/query-defaults.ts';
import type { RecallQuery } from '../domain/query.ts';
import { adInQuestion, currentList, selectedAd } from './select.ts';
import type { AppState } from './state.ts';

/** What the pane that has the keys shows, as data: an answer, and what was asked for it. */
export interface Shown {
  readonly result: Result;
  readonly command: string;
  readonly args: ArgValues;
  readonly query: RecallQuery | null;
  /** Of the row under the cursor; null where there is none. */
  readonly id: string | null;
  readonly row: string | null;
}

const joined = (...cells: ReadonlyArray<string | number | null>): string =>
  cells.filter((c) => c !== null && c !== '').join('  ');

const shownDetail = (state: AppState): Shown | string => {
  const { detail } = state;
  if (detail.kind !== 'answer') return shownList(state);
  if (detail.result === null) return t('needs an answer');
  const id = adInQuestion(state);
  return { result: detail.result, command: detail.command, args: detail.args, query: detail.asked, id, row: null };
};

const shownBehaviour = (state: AppState): Shown | string => {
  const { behaviour, userId, query } = state;
  if (behaviour === null || userId === null) return t('needs a behaviour');
  const { events } = behaviour.data;
  const event = events.find((e) => e.eventId === state.selectedEvent) ?? events[0];
  return {
    result: { ...behaviour, query: query ?? behaviour.query },
    command: 'events',
    args: { user: userId, limit: 500 },
    query,
    id: event?.eventId ?? null,
    row:
      event === undefined
        ? null
        : joined(
            new Date(event.at).toISOString(),
            event.eventId,
            event.kind,
            event.query ?? event.title ?? '',
            event.adId,
          ),
  };
};

const shownList = (state: AppState): Shown | string => {
  const list = currentList(state);
  if (list === null || state.userId === null) return t('needs a list');
  const ad = selectedAd(state);
  return {
    result: list,
    command: 'recall',
    args: { user: state.userId },
    query: list.query,
    id: ad?.adId ?? null,
    row: ad === null ? null : joined(ad.rank, ad.adId, ad.title, ad.score.toFixed(4), ad.via),
  };
};

/** The answer of the pane that has the keys; a text gives the reason where there is none. */
export const shownNow = (state: AppState): Shown | string => {
  if (state.focus === 'behaviour') return shownBehaviour(state);
  return state.focus === 'detail' ? shownDetail(state) : shownList(state);
};

/** The JSON object the headless command prints for it, as far as the screen knows its workspace. */
export const jsonOf = ({ workspace, backend }: AppState, { result }: Shown): Readonly<Record<string, unknown>> =>
  answerJson(
    result,
    workspace === null
      ? {}
      : {
          name: workspace.name,
          dir: workspace.dir,
          users: workspace.users,
          ads: workspace.ads,
          events: workspace.events,
          groups: workspace.groups,
          backend,
        },
  );

/** The shell line that gives the same answer. */
export const headlessOf = ({ workspace, table }: AppState, { command: id, args, query }: Shown): string | null => {
  const command = table.find((c) => c.id === id);
  if (command === undefined) return null;
  const groups = workspace?.groups.map((name) => ({ name })) ?? [];
  const user = query?.userId ?? '';
  // As-of by default is the user's own, which is not known here: it is always said.
  const bases =
    workspace?.defaults === undefined ? [] : [plainQuery({ ...workspace.defaults, groups }, user, Number.NaN)];
  return headlessLine(workspace?.option ?? workspace?.dir ?? null, command, args, query, bases);
};
