import { panesOf } from '../../src/state/layout.ts';
import type { AppState } from '../../src/state/state.ts';

/** What must hold in every state that the program can reach; the broken rules, in words. */
export const brokenInvariants = (state: AppState): string[] => {
  const broken: string[] = [];
  const must = (holds: boolean, rule: string): void => {
    if (!holds) broken.push(rule);
  };
  const { query, prompt, detail, help, requests, lists, mode, selectedAd } = state;
  must(panesOf(state).includes(state.focus), `focus is on a pane that is there: ${state.focus}`);
  must(detail.scroll >= 0 && Number.isInteger(detail.scroll), `the detail is scrolled to a line: ${detail.scroll}`);
  must(help === null || (help.scroll >= 0 && Number.isInteger(help.scroll)), 'the help is scrolled to a line');
  if (query !== null) {
    must(
      Object.values(query.weights).every((w) => w >= 0 && w <= 4),
      `weights lie in 0 … 4: ${JSON.stringify(query.weights)}`,
    );
    must(
      Number.isInteger(query.k) && query.k >= 1 && Number.isInteger(query.ef) && query.ef >= 1,
      'k and ef are whole and positive',
    );
    must(Number.isFinite(query.asOf), 'as-of is an instant');
    must(query.mode === mode, 'the list shown is the one asked');
  }
  const shown = lists[mode]?.data.candidates ?? [];
  must(
    selectedAd === null || shown.length === 0 || shown.some((ad) => ad.adId === selectedAd),
    `the selected ad is in the list: ${String(selectedAd)}`,
  );
  if (prompt !== null) {
    must(prompt.input.cursor >= 0 && prompt.input.cursor <= prompt.input.value.length, 'the cursor stands in the text');
    must(!/[\u0000-\u001f\u007f-\u009f]/.test(prompt.input.value), 'what is typed holds no control character');
    must(prompt.picked < prompt.picks.length, 'the pick is one of the picks');
  }
  const running = Object.entries(requests.slots);
  must(
    running.every(([slot, r]) => r.request.slot === slot && r.id < requests.nextId),
    'each request runs in its own slot',
  );
  must(new Set(running.map(([, r]) => r.id)).size === running.length, 'no two requests share an id');
  return broken;
};
