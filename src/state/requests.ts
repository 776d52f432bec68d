import type { AppState, Effect, Step } from './state.ts';
import type { Request, Requests } from './types.ts';

export const noRequests: Requests = { nextId: 1, slots: {} };

const without = (slots: Requests['slots'], slot: string): Requests['slots'] =>
  Object.fromEntries(Object.entries(slots).filter(([name]) => name !== slot));

/** Slots in which the person at the screen asks; the rest the screen asks for itself. */
const asks = (slot: string): boolean => slot.startsWith('recall:') || slot === 'typed' || slot === 'detail';

const launch = (state: AppState, request: Request): Step => {
  const { nextId: id, slots } = state.requests;
  const requests = { nextId: id + 1, slots: { ...slots, [request.slot]: { id, request, waiting: null } } };
  if (request.task !== undefined) return [{ ...state, requests }, [{ type: 'task', id, task: request.task }]];
  return [
    { ...state, requests },
    [
      {
        type: 'call',
        id,
        command: request.command,
        args: request.args,
        baseQuery: request.baseQuery,
        ...(asks(request.slot) ? { recorded: true as const } : {}),
      },
    ],
  ];
};

/** One in flight, one waiting, the latest wins: holding a key never queues more than one. */
export const askLatest = (state: AppState, request: Request): Step => {
  const running = state.requests.slots[request.slot];
  if (running === undefined) return launch(state, request);
  const slots = { ...state.requests.slots, [request.slot]: { ...running, waiting: request } };
  return [{ ...state, requests: { ...state.requests, slots } }, []];
};

/** Gives up what the slot was waiting for; its answer will be stale. */
export const giveUp = (state: AppState, slot: string): Step => {
  const running = state.requests.slots[slot];
  if (running === undefined) return [state, []];
  return [
    { ...state, requests: { ...state.requests, slots: without(state.requests.slots, slot) } },
    [{ type: 'abort', id: running.id }],
  ];
};

export const giveUpAll = (state: AppState): Step => {
  const effects: Effect[] = Object.values(state.requests.slots).map(({ id }) => ({ type: 'abort', id }));
  return [{ ...state, requests: { ...state.requests, slots: {} } }, effects];
};

/** The new question replaces the old one, whose answer is dropped. */
export const askInstead = (state: AppState, request: Request): Step => {
  const [cleared, aborts] = giveUp(state, request.slot);
  const [asked, calls] = launch(cleared, request);
  return [asked, [...aborts, ...calls]];
};

export const runningAs = (state: Pick<AppState, 'requests'>, id: number): Request | null =>
  Object.values(state.requests.slots).find((r) => r.id === id)?.request ?? null;

/** The answer with this id has come: the slot is free, and what waited in it starts. */
export const settle = (state: AppState, id: number): Step => {
  const running = Object.values(state.requests.slots).find((r) => r.id === id);
  if (running === undefined) return [state, []];
  const freed = {
    ...state,
    requests: { ...state.requests, slots: without(state.requests.slots, running.request.slot) },
  };
  return running.waiting === null ? [freed, []] : launch(freed, running.waiting);
};

export const isPending = (state: AppState): boolean => Object.keys(state.requests.slots).length > 0;

export const waitsFor = (state: AppState, slot: string): boolean => state.requests.slots[slot] !== undefined;

/** Opening the workspace holds a slot like any request. */
export const askOpen = (state: AppState): Step => {
  const { nextId: id, slots } = state.requests;
  const request: Request = { slot: 'open', command: 'open', args: {}, baseQuery: null };
  return [
    { ...state, requests: { nextId: id + 1, slots: { ...slots, open: { id, request, waiting: null } } } },
    [{ type: 'open', id, dir: state.dir }],
  ];
};
