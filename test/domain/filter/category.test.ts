import { describe, expect, it } from 'vitest';
import { adFields, type FilterableAd } from '../../../src/domain/filter/ads.ts';
import {
  behaviourFields,
  filterEvents,
  parseEventFilter,
  type FilterableBehaviour,
} from '../../../src/domain/filter/events.ts';
import { filterableOf, matches } from '../../../src/domain/filter/match.ts';
import { parseFilter, type ListField } from '../../../src/domain/filter/parse.ts';

const ad = (category: string): FilterableAd => ({
  ...{ adId: 'a', title: 'x', category, brand: '', price: null, rank: 1, score: 1, modelScore: null, via: 'model' },
  ...{ channels: [], engaged: false, isNew: false },
});
const behaviour = (category: string | null): FilterableBehaviour => ({
  ...{ kind: 'view', at: 0, title: null, category, adId: null, query: null, peerId: null, platform: null },
  ...{ group: null, excluded: false },
});

/** As `/` reads it: blanks end a term, so a value with some stands in quotes. */
const terms = (filter: string, fields: readonly ListField[]): ReturnType<typeof parseFilter>['terms'] => {
  const parsed = parseFilter(filter.replace(/:(.*)$/u, ':"$1"'), fields);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.terms;
};

/** Every place where a category is filtered. */
const places: Readonly<Record<string, (filter: string, path: string) => boolean>> = {
  'the filter of the recalled list': (filter, path) =>
    matches(terms(filter, adFields), filterableOf(adFields, ad(path), [])),
  'the filter of the behaviours': (filter, path) =>
    matches(terms(filter, behaviourFields), filterableOf(behaviourFields, behaviour(path), [])),
  'a knock-out': (filter, path) =>
    filterEvents(
      [{ eventId: 'e', kind: 'view', at: 0, platform: null, category: path, adId: 'a', own: true, groups: [] }],
      parseEventFilter(filter),
    ).length === 1,
};

const table: ReadonlyArray<readonly [filter: string, path: string, holds: boolean]> = [
  ['cat:智能家居', '智能家居 > 智能音箱', true],
  ['cat:智能音箱', '智能家居 > 智能音箱', true],
  ['cat:音箱', '智能家居 > 智能音箱', true],
  ['cat:扫地', '智能家居 > 智能音箱', false],
  ['category:音箱', '智能家居 > 智能音箱', true],
  ['cat：音箱', '智能家居 > 智能音箱', true],
  ['!cat:音箱', '智能家居 > 智能音箱', false],
  ['!cat:扫地', '智能家居 > 智能音箱', true],
  ['cat:智能家居 > 智能音箱', '智能家居 > 智能音箱', true],
  ['cat:智能家居>智能音箱', '智能家居 > 智能音箱', true],
  ['cat:智能音箱 > 智能家居', '智能家居 > 智能音箱', false],
  ['cat:phone', 'Phones > Phone Cases', true],
  ['cat:PHONE case', 'Phones > Phone Cases', true],
  ['cat:ｐｈｏｎｅｓ', 'Phones > Phone Cases', true],
  ['cat:>phones>', 'Phones > Phone Cases', true],
  ['cat:>phone>', 'Phones > Phone Cases', false],
  ['cat:> phone', 'Phones > Phone Cases', true],
  ['cat:cases >', 'Phones > Phone Cases', true],
  ['cat:>cases', 'Phones > Phone Cases', false],
  ['cat:phones > phone', 'Phones > Phone Cases', true],
  ['cat:phone', '', false],
  ['cat:>', '', false],
  ['!cat:phone', '', true],
];

describe.each(Object.entries(places))('the category in %s', (_, holds) => {
  it.each(table)('%s over "%s": %j', (filter, path, expected) => {
    expect(holds(filter, path)).toBe(expected);
  });
});
