import { figure } from './figures.ts';

const decimalsOf = (weight: number): number => {
  for (let decimals = 3; decimals < 7; decimals += 1)
    if (Math.abs(weight - Number(weight.toFixed(decimals))) < 1e-9) return decimals;
  return 7;
};

/**
 * A weight as it is typed: at least three decimals, and as many as it has. An end of an interval is rounded into it, to
 * thousandths: what is printed was inside.
 */
export const weightText = (weight: number, into?: 'up' | 'down'): string => {
  if (into === undefined) return figure(weight, decimalsOf(weight));
  const scaled = Math.round(weight * 1e6) / 1e3;
  return figure((into === 'up' ? Math.ceil(scaled) : Math.floor(scaled)) / 1000, 3);
};
