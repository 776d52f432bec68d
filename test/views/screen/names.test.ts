import { describe, expect, it } from 'vitest';
import { namesOf } from '../../../src/views/screen/names.ts';
import type { Behaviour } from '../../../src/state/types.ts';

const event = (eventId: string, adId: string, title: string | null): Behaviour['data']['events'][number] => ({
  ...{ eventId, group: null, groups: [], kind: 'view', at: 0, ageMs: 0, platform: null, adId, title },
  ...{ category: null, query: null, peerId: null, excluded: false },
});
const behaviour: Behaviour = {
  schema: 'events',
  data: {
    user: { userId: 'u-1', attributes: {} },
    asOf: 0,
    events: [event('e-1', 'ad-1', 'on the screen'), event('e-2', 'ad-2', ''), event('e-3', 'ad-3', null)],
    total: 3,
    byKind: {},
    perDay: [],
    friends: 0,
    engaged: [],
  },
};

describe('the name of an ad on the screen', () => {
  const names = namesOf({ behaviour, lists: {} }, { 'ad-1': 'in the answer', 'ad-2': 'Aqara' });

  it('comes from the behaviours before the answer, never from an empty title, and else is the id', () => {
    expect(['ad-1', 'ad-2', 'ad-3'].map(names.ad)).toEqual(['on the screen', 'Aqara', 'ad-3']);
  });

  it('finds the events of the screen by id', () => {
    expect([names.event('e-2')?.kind, names.event('e-9')]).toEqual(['view', null]);
  });
});
