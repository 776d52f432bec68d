import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { speak, t, tn, type Places } from '../../src/base/texts.ts';

afterEach(() => {
  speak(new Map());
});

describe('a text of the screen', () => {
  it('puts each value in its place', () => {
    expect(t('{n} of {total} users', { n: 3, total: '1,000' })).toBe('3 of 1,000 users');
    expect(t('no user')).toBe('no user');
  });

  it('leaves braces of a value alone', () => {
    expect(t('ad {title}', { title: '{n}' })).toBe('ad {n}');
  });

  it('follows the language spoken, with its own order of places', () => {
    speak(new Map([['{n} of {total} users', '共 {total} 位用户，第 {n} 位']]));
    expect(t('{n} of {total} users', { n: 3, total: 9 })).toBe('共 9 位用户，第 3 位');
    expect(t('{n} ads', { n: 2 })).toBe('2 ads');
  });

  it('has one form for one and one for many', () => {
    expect(tn(1, '{n} ad of {all}', '{n} ads of {all}', { all: 5 })).toBe('1 ad of 5');
    expect(tn(2, '{n} ad of {all}', '{n} ads of {all}', { all: 5 })).toBe('2 ads of 5');
    expect(tn(2, 'one ad', '{n} ads')).toBe('2 ads');
  });

  it('asks the compiler for the names of its places', () => {
    expectTypeOf<Places<'{n} of {total}'>>().toEqualTypeOf<'n' | 'total'>();
    expectTypeOf<Places<'plain'>>().toEqualTypeOf<never>();
  });
});
