import { emptyInput } from './prompt/input.ts';
import { noRequests } from './requests.ts';
import type { AppState, Size } from './state.ts';

/** The state before anything was opened or asked. */
export const initialState = (dir: string | null, size: Size): AppState => ({
  size, dir, table: [], workspace: null, backend: null, screen: 'opening', fatal: null,
  finder: { input: emptyInput, users: [], selected: null, issue: null, disagreement: null, error: null },
  userId: null, query: null, mode: 'model', lists: {}, listErrors: {}, behaviour: null, compare: false, filters: {}, sort: null, columns: null, bookmarks: [], resume: null,
  focus: 'recall', zoom: false, weightsOpen: false, group: null, selectedAd: null, lastSelected: {}, selectedEvent: null,
  detail: { kind: 'overview', scroll: 0 }, behind: null, help: null, palette: null, copying: null, prompt: null, history: [], found: {}, transcript: [], queue: null,
  changes: { past: [], future: [] }, pin: null, origin: null, trials: [], reads: null, life: [], scrubNext: null, recording: null, lost: null, player: null, requests: noRequests, progress: null, message: null, exit: null,
});
