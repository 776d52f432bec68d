import type { Result } from '../../answers/answers.ts';
import type { Line } from '../text/line.ts';
import { sentence } from '../text/sentences.ts';

/** The approximate parts of any answer, a sentence each, without those that its notices already name. */
export const approximationLines = ({ data }: Pick<Result, 'data'>, width: number, ascii: boolean): Line[] => {
  const approximations = 'approximations' in data ? (data.approximations ?? []) : [];
  const notices: readonly string[] = 'notices' in data ? data.notices : [];
  return approximations
    .filter((one) => !notices.includes(one))
    .flatMap((one) => sentence(`${ascii ? '~' : '≈'} ${one}`, width, 'warn'));
};
