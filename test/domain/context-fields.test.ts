import { describe, expect, it } from 'vitest';
import { contextFieldsOf, unreadContext } from '../../src/domain/context-fields.ts';

const fields = contextFieldsOf([
  'promo=618',
  'promo=11.11',
  ...Array.from({ length: 24 }, (_, hour) => `hour=${hour}`),
  'device=app',
  'device=web=old',
]);

describe('the part of a context that a model reads', () => {
  it('covers every value of its vocabulary, and a field without one', () => {
    expect(unreadContext({ promo: '618', hour: '23', device: 'web=old' }, fields)).toEqual([]);
    expect(unreadContext({ promo: '' }, fields)).toEqual([]);
    expect(unreadContext({ price: '3.5' }, new Map([['price', null]]))).toEqual([]);
  });

  it('comes with an error that lists the known values and fields', () => {
    expect(unreadContext({ promo: 'foo', hour: '99', nosuch: '1' }, fields)).toEqual([
      'promo "foo": unknown to the model, read as none; known: 618, 11.11',
      'hour "99": unknown to the model, read as none; known: 0 to 23',
      'the context field "nosuch" is unknown to the model: it changes nothing; known: promo, hour, device',
    ]);
  });
});
