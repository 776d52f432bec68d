import { RecallError } from '../../errors.ts';
import { textArg } from '../../console/arg-values.ts';
import type { ArgValues } from '../../console/command.ts';

/** `--users N` or `all`: how many of `of` users are drawn. Throws `usage`. */
export const sampleSize = (args: ArgValues, of: number, otherwise: string): number => {
  const text = textArg(args, 'users') ?? otherwise;
  if (text === 'all') return of;
  if (!/^[1-9]\d*$/.test(text))
    throw new RecallError('usage', `--users cannot be "${text}"`, { expected: 'a whole number from 1, or all' });
  return Math.min(of, Number(text));
};
