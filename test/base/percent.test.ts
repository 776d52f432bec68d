import { describe, expect, it } from 'vitest';
import { fitPercent, percent } from '../../src/base/percent.ts';

describe('a percentage', () => {
  it('takes the digits that are asked for', () => {
    expect(percent(0.12345, { decimals: 2 })).toBe('12.35 %');
    expect(percent(0.000123456, { significant: 3 })).toBe('0.0123 %');
    expect(percent(0.5, { significant: 3 })).toBe('50 %');
  });

  it('marks a difference with its sign, and no sign before a rounded zero', () => {
    const lift = (share: number): string => percent(share, { decimals: 1, plus: true });
    expect([0.031, 0, -0.031].map(lift)).toEqual(['+3.1 %', '+0.0 %', '−3.1 %']);
    expect(percent(-0.00001)).toBe('0.0 %');
  });

  it('shows 100 % of fit only where every row fits', () => {
    expect([1, 0.9996, 0.5].map(fitPercent)).toEqual(['100 %', '100.0 %', '50.0 %']);
  });
});
