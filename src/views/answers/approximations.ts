import type { Result } from '../../answers/answers.ts';
import type { Line } from '../text/line.ts';
import { sentence } from '../text/sentences.ts';

/** What of an answer holds only approximately, a sentence each: said with the answer, whatever it is. */
export const approximationLines = ({ data }: Pick<Result, 'data'>, width: number, ascii: boolean): Line[] => {
  const approximations = 'approximations' in data ? (data.approximations ?? []) : [];
  return approximations.flatMap((one) => sentence(`${ascii ? '~' : '≈'} ${one}`, width, 'warn'));
};
