import { describe, expect, it } from 'vitest';
import {
  eventFields,
  filterEvents,
  isEventFilter,
  parseEventFilter,
  type FilterableEvent,
} from '../../../src/domain/filter/events.ts';

const events: FilterableEvent[] = [
  {
    eventId: '1',
    kind: 'view',
    at: 1000,
    platform: 'web',
    category: 'home > light',
    adId: 'a',
    own: true,
    groups: ['browse'],
  },
  { eventId: '2', kind: 'search', at: 2000, platform: null, category: null, adId: null, own: true, groups: ['search'] },
  {
    eventId: '3',
    kind: 'purchase',
    at: 3000,
    platform: 'web',
    category: 'home, big > light',
    adId: 'b',
    own: false,
    groups: ['social'],
  },
  { eventId: '4', kind: 'view', at: 4000, platform: 'app', category: 'homely', adId: 'c', own: true, groups: [] },
];
const named = (text: string): string[] => filterEvents(events, parseEventFilter(text)).map((e) => e.eventId);

describe('a knock-out filter', () => {
  it.each([
    ['kind:view', ['1', '4']],
    ['cat:home', ['1', '3', '4']],
    ['cat:>home>', ['1']],
    ['category:home > light', ['1']],
    ['platform:web', ['1', '3']],
    ['platform:unknown', ['2']],
    ['ad:b', ['3']],
    ['group:search', ['2']],
    ['who:friends', ['3']],
    ['since:2000', ['2', '3', '4']],
    ['until:2000', ['1']],
    ['kind:view,platform:app', ['4']],
    ['since:1000,until:3000', ['1', '2']],
    ['cat:home, big,kind:purchase', ['3']],
    ['since:1970-01-01T00:00:03', ['3', '4']],
    ['!kind:view', ['2', '3']],
    ['kind:view,!platform:app', ['1']],
    ['kind:"view",platform：web', ['1']],
    ['cat:"home, big",kind:purchase', ['3']],
    ['!cat:home', ['2']],
    ['cat:"home,kind:view"', []],
  ])('%s names %j', (text, expected) => {
    expect(named(text)).toEqual(expected);
  });

  it('differs from an event id, even from one with a colon', () => {
    expect(['kind:x', 'since:1'].map(isEventFilter)).toEqual([true, true]);
    expect(['e-17', 'what-if:0', 'shop:view:3'].map(isEventFilter)).toEqual([false, false, false]);
  });

  it.each(['kind:', 'since:yesterday', 'who:me'])('refuses %s with an example of how it is written', (text) => {
    expect(() => parseEventFilter(text)).toThrow(
      expect.objectContaining({ code: 'usage', todo: expect.stringContaining('kind:view') }),
    );
  });

  it('refuses a misspelt field behind a comma, naming the nearest, and takes any other comma as part of a value', () => {
    expect(() => parseEventFilter('kind:view,platfrom:web')).toThrow(
      expect.objectContaining({ code: 'usage', expected: 'a field: did you mean "platform:"?' }),
    );
    expect(parseEventFilter('cat:home,garden: tools').terms).toEqual([{ field: 'cat', value: 'home,garden: tools' }]);
  });

  it('refuses a time in seconds with the reading that fits', () => {
    expect(() => parseEventFilter('since:1750204800')).toThrow(
      expect.objectContaining({ expected: expect.stringContaining('looks like seconds: 2025-06-18T00:00:00Z') }),
    );
  });

  it('reads every example of its table as a filter of that field', () => {
    for (const { name, examples } of eventFields)
      for (const example of examples) expect(parseEventFilter(example).terms.map(({ field }) => field)).toEqual([name]);
  });
});
