import { asResult } from '../support/partial-answer.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import type { AppState, Effect, Msg } from '../../src/state/state.ts';
import { initialState } from '../../src/state/initial.ts';
import { update } from '../../src/state/update.ts';
import { currentList } from '../../src/state/select.ts';
import { isPending } from '../../src/state/requests.ts';
import { info, smallWorld } from '../support/small-world.ts';

interface World {
  readonly state: AppState;
  readonly effects: readonly Effect[];
}

const send = (world: World, ...msgs: Msg[]): World =>
  msgs.reduce<World>(({ state, effects }, msg) => {
    const [next, more] = update(state, msg);
    return { state: next, effects: [...effects, ...more] };
  }, world);

const key = (name: string): Msg => ({ type: 'key', key: name, text: [...name].length === 1 ? name : '' });

type Call = Extract<Effect, { type: 'call' }>;
const isCall = (e: Effect): e is Call => e.type === 'call';

const answerTo = (call: Call): Msg => {
  const answer = smallWorld(call.command, call.args, call.baseQuery);
  return 'schema' in answer
    ? { type: 'reply', reply: { type: 'result', id: call.id, result: asResult(answer), backend: 'wasm' } }
    : { type: 'reply', reply: { type: 'failed', id: call.id, error: answer } };
};

/** Answers every question, and those the answers raise, in order. */
const settle = (world: World): World => {
  let { state, effects } = world;
  while (effects.length > 0) {
    const [first, ...rest] = effects;
    effects = rest;
    if (first?.type === 'open')
      ({ state, effects } = send(
        { state, effects },
        { type: 'reply', reply: { type: 'opened', id: first.id, workspace: info } },
      ));
    if (first !== undefined && isCall(first)) ({ state, effects } = send({ state, effects }, answerTo(first)));
  }
  return { state, effects };
};

const keysOf = (world: World, ...names: string[]): World =>
  names.reduce((w, name) => settle(send(w, key(name))), world);

const opened = (): World =>
  settle(
    send(
      { state: initialState('/w', { columns: 120, rows: 40 }), effects: [] },
      { type: 'table', table: commands },
      { type: 'start' },
    ),
  );
const withUser = (): World => keysOf(opened(), 'enter');

describe('the update of the state', () => {
  it('opens the workspace, lists users, and opens the chosen one with list and behaviour', () => {
    expect(opened().state.finder.users.map((u) => u.userId)).toEqual(['u-00001', 'u-00412', 'u-01999']);
    const { state } = keysOf(opened(), 'down', 'enter');
    expect([
      state.screen,
      state.userId,
      currentList(state)?.data.candidates.length,
      state.behaviour?.data.events.length,
    ]).toEqual(['main', 'u-00412', 100, 47]);
    expect(isPending(state)).toBe(false);
  });

  it('types letters in the finder, even those that are keys in other places', () => {
    const { state } = keysOf(opened(), 'q', 'backspace', '4', '1', '2');
    expect(state.finder.input.value).toBe('412');
    expect(state.finder.selected).toBe('u-00412');
    expect(state.exit).toBeNull();
  });

  it('drops an answer whose question was replaced', () => {
    const asked = send(withUser(), key(':'), ...[...'inputs'].map(key), key('enter'));
    const first = asked.effects.find(isCall);
    const again = send({ state: asked.state, effects: [] }, key(':'), ...[...'ad'].map(key), key('enter'));
    expect(again.effects.some((e) => e.type === 'abort' && e.id === first?.id)).toBe(true);
    const stale = send(
      { state: again.state, effects: [] },
      {
        type: 'reply',
        reply: {
          type: 'result',
          id: first?.id ?? -1,
          result: { schema: 'inputs', data: { inputs: [], groups: [] } },
          backend: null,
        },
      },
    );
    expect(stale.state).toEqual(again.state);
  });

  it('has at most one recall in flight while a weight key is held, and ends on the last weight', () => {
    let world = keysOf(withUser(), 'w', 'j');
    world = { ...world, effects: [] };
    world = send(world, ...Array.from({ length: 30 }, () => key('l')));
    expect(world.effects.filter(isCall)).toHaveLength(1);
    const { state } = settle(world);
    expect(state.query?.weights['search']).toBe(2.5);
    expect(currentList(state)?.query.weights['search']).toBe(2.5);
  });

  it('stops weights at their bounds', () => {
    const { state } = keysOf(withUser(), 'w', ...Array.from({ length: 20 }, () => 'H'));
    expect(state.query?.weights['browse']).toBe(0);
    const up = keysOf(withUser(), 'w', ...Array.from({ length: 20 }, () => 'L'));
    expect(up.state.query?.weights['browse']).toBe(4);
  });

  it('gives back the exact earlier query and list by undo after any changes, and the later ones by redo', () => {
    const change = fc.constantFrom('h', 'l', 'H', 'L', '0', '1', 'j', 'k', 'r');
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (names) => {
        const start = keysOf(withUser(), 'w');
        const changed = keysOf(start, ...names);
        const steps = changed.state.changes.past.length;
        const back = keysOf(changed, ...Array.from({ length: steps }, () => 'u'));
        expect(back.state.query).toEqual(start.state.query);
        expect(currentList(back.state)).toEqual(currentList(start.state));
        const forth = keysOf(back, ...Array.from({ length: steps }, () => 'U'));
        expect(forth.state.query).toEqual(changed.state.query);
        expect(currentList(forth.state)).toEqual(currentList(changed.state));
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the selection by ad id when the list changes under it', () => {
    const before = keysOf(withUser(), 'j', 'j', 'j');
    const id = before.state.selectedAd;
    const after = keysOf(before, 'w', 'j', 'L', 'L', 'L', 'L');
    expect(after.state.selectedAd).toBe(id);
    expect(currentList(after.state)?.data.candidates[3]?.adId).not.toBe(id);
  });

  it('comes back to where the cursor was when modes are switched', () => {
    const { state } = keysOf(withUser(), 'j', 'l', 'l', 'G', 'h', 'left');
    expect(state.selectedAd).toBe('ad-00001');
    expect(keysOf({ state, effects: [] }, 'right', 'M').state.selectedAd).toBe('ad-00149');
  });

  it('says why a key does nothing', () => {
    expect(keysOf(withUser(), 'u').state.message?.text).toContain('needs a change to undo');
    expect(keysOf(withUser(), 'a').state.message?.text).toContain('needs an answer with a change');
  });

  it('runs any command of the table from the prompt, with the open user left out', () => {
    const { state } = keysOf(withUser(), ':', ...'inputs', 'enter');
    expect(state.detail).toMatchObject({ kind: 'answer', command: 'inputs', args: { user: 'u-00001' } });
    expect(state.history).toEqual(['inputs']);
  });

  it('keeps a wrong line with the place of the error', () => {
    const { state } = keysOf(withUser(), ':', ...'ad --nope', 'enter');
    expect(state.prompt?.error).toMatchObject({ at: 3 });
    expect(state.prompt?.input.value).toBe('ad --nope');
  });

  it('quits once, with an exit effect, and is deaf afterwards', () => {
    const quit = send({ state: withUser().state, effects: [] }, key('q'));
    expect(quit.effects).toEqual([{ type: 'exit', code: 0 }]);
    expect(send(quit, key('j')).state).toBe(quit.state);
  });

  it('accepts any keys, pastes and resizes and leaves a sound state', () => {
    const known = [
      'up',
      'down',
      'enter',
      'esc',
      'tab',
      'shift-tab',
      'pgdn',
      'end',
      'backspace',
      'ctrl-w',
      ...'jkgGhlHLMxwucnepdi:?/+=0123456mrUavPoONB音q'.split('').filter((k) => k !== 'q'),
    ];
    const msg = fc.oneof(
      fc.constantFrom(...known).map(key),
      fc.string({ maxLength: 5 }).map((text): Msg => ({ type: 'paste', text })),
      fc
        .record({ columns: fc.integer({ min: 1, max: 220 }), rows: fc.integer({ min: 1, max: 70 }) })
        .map((size): Msg => ({ type: 'resize', size })),
    );
    fc.assert(
      fc.property(fc.array(msg, { maxLength: 60 }), (msgs) => {
        const { state } = msgs.reduce((w, m) => settle(send(w, m)), withUser());
        expect(isPending(state)).toBe(false);
        const list = currentList(state);
        if (list !== null && list.data.candidates.length > 0)
          expect(list.data.candidates.some((ad) => ad.adId === state.selectedAd)).toBe(true);
        for (const weight of Object.values(state.query?.weights ?? {})) expect(weight >= 0 && weight <= 4).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a filter that shows nothing', () => {
  it('leaves the selection on an ad of the list, also when that changes under it', () => {
    const filtered = keysOf(withUser(), 'G', '/', ..."'零零", 'enter');
    const { state } = keysOf(filtered, 'w', 'j', 'L', 'L', 'L', 'L', 'M');
    expect(currentList(state)?.data.candidates.some((ad) => ad.adId === state.selectedAd)).toBe(true);
  });
});
