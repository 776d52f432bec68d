import { describe, expect, it } from 'vitest';
import { namesOf } from '../../../src/views/screen/names.ts';
import { asResult } from '../../support/partial-answer.ts';

const event = (eventId: string, adId: string, title: string | null) => ({
  ...{ eventId, group: null, kind: 'view', at: 0, platform: null, adId, title },
  ...{ query: null, peerId: null, excluded: false },
});
const events = [event('e-1', 'ad-1', 'on the screen'), event('e-2', 'ad-2', ''), event('e-3', 'ad-3', null)];
const result = asResult({ schema: 'events', data: { events } });
const behaviour = { result, attributes: [], events, friends: 0, total: 3, byKind: [], perDay: [] };

describe('the name of an ad on the screen', () => {
  const names = namesOf({ behaviour, lists: {} }, { 'ad-1': 'in the answer', 'ad-2': 'Aqara' });

  it('comes from the behaviours before the answer, never from an empty title, and else is the id', () => {
    expect(['ad-1', 'ad-2', 'ad-3'].map(names.ad)).toEqual(['on the screen', 'Aqara', 'ad-3']);
  });

  it('finds the events of the screen by id', () => {
    expect([names.event('e-2')?.kind, names.event('e-9')]).toEqual(['view', null]);
  });
});
