import type { Result } from '../../answers/answers.ts';
import type { Line } from '../text/line.ts';
import { sentence } from '../text/sentences.ts';

/** What of an answer holds only approximately, a sentence each, in every answer; what its notices say already is left out. */
export const approximationLines = ({ data }: Pick<Result, 'data'>, width: number, ascii: boolean): Line[] => {
  const approximations = 'approximations' in data ? (data.approximations ?? []) : [];
  const notices: readonly string[] = 'notices' in data ? data.notices : [];
  return approximations
    .filter((one) => !notices.includes(one))
    .flatMap((one) => sentence(`${ascii ? '~' : '≈'} ${one}`, width, 'warn'));
};
