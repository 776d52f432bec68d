import type { CommandResult } from '../../console/command.ts';
import type { Line } from '../text/line.ts';
import { sentence } from '../text/sentences.ts';

/** What of an answer holds only approximately, a sentence each: said with the answer, whatever it is. */
export const approximationLines = ({ data }: Pick<CommandResult, 'data'>, width: number, ascii: boolean): Line[] => {
  const said = data['approximations'];
  if (!Array.isArray(said)) return [];
  return said
    .filter((one) => typeof one === 'string')
    .flatMap((one) => sentence(`${ascii ? '~' : '≈'} ${one}`, width, 'warn'));
};
