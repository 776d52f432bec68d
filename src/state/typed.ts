import type { CommandResult } from '../commands/command.ts';
import { askInstead } from './requests.ts';
import { askLists } from './ask.ts';
import { recallAnswer } from './data.ts';
import { only, andThen, type AppState, type Step } from './state.ts';

/** A `recall` typed at the prompt: its query becomes the current one. */
export const adoptAnswer = (state: AppState, result: CommandResult): Step => {
  const answer = recallAnswer(result);
  if (answer === null) return only(state);
  const { query } = answer;
  const same = query.userId === state.userId;
  const next: AppState = {
    ...state, query, userId: query.userId, mode: query.mode, screen: 'main', lists: { [query.mode]: answer }, listErrors: {}, focus: 'recall',
    selectedAd: answer.ads.some((ad) => ad.adId === state.selectedAd) ? state.selectedAd : answer.ads[0]?.adId ?? null,
    behaviour: same ? state.behaviour : null,
    changes: same && state.query !== null ? { past: [...state.changes.past, state.query], future: [] } : { past: [], future: [] },
    pin: same ? state.pin ?? answer : answer,
    detail: { kind: 'overview', scroll: 0 },
  };
  const asked = askInstead(next, { slot: 'events', command: 'events', args: { user: query.userId, limit: 500 }, baseQuery: query });
  return andThen(asked, askLists);
};
