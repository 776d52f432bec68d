import type { Divergence, UnitDifference } from '../../../answers/session.ts';
import type { Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

/** Which artefacts are not those of the recording. */
export const differingLine = (differing: readonly UnitDifference[], width: number): Line[] =>
  sentence(
    differing.length === 0
      ? 'Artefacts as recorded.'
      : `Differs from the recording: ${differing.map(({ unit }) => unit).join(', ')}.`,
    width,
    differing.length === 0 ? 'dim' : 'warn',
  );

/** Why the first step that diverges does. */
export const causeLine = (first: Divergence | null, width: number): Line[] =>
  first === null
    ? []
    : sentence(
        `Cause of step ${first.step}${first.cause.proved ? ', proved by running it' : ''}: ${first.cause.text}`,
        width,
      );
