import type { Cause, Divergence, Failure, UnitDifference } from '../../../answers/session.ts';
import { t } from '../../../base/texts.ts';
import type { Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

/** `step 3 why-not` */
export const stepText = (step: number | null | undefined, command: string | null | undefined): string =>
  t('step {step} {command}', { step: step ?? '', command: command ?? '' });

/** Which artefacts are not those of the recording. */
export const differingText = (differing: readonly UnitDifference[]): string =>
  differing.length === 0
    ? t('Same artefacts as recorded.')
    : t('Artefacts that differ from the recording: {artefacts}.', {
        artefacts: differing.map(({ unit }) => unit).join(', '),
      });

export const differingLine = (differing: readonly UnitDifference[], width: number): Line[] =>
  sentence(differingText(differing), width, differing.length === 0 ? 'dim' : 'warn');

/** The expectations that failed; without one, that the answer is not the recorded one. */
export const failuresText = (failures: readonly Failure[]): string =>
  failures.length === 0
    ? t('the answer differs from the recording')
    : failures.map(({ message }) => message).join('; ');

/** A cause, and whether it was run. */
export const causeText = ({ proved, text }: Cause): string =>
  proved ? t('{cause} (proved by a run)', { cause: text }) : text;

/** Why the first step that diverges does. */
export const causeLine = (first: Divergence | null, width: number): Line[] =>
  first === null
    ? []
    : sentence(t('Cause of step {step}: {cause}', { step: first.step, cause: causeText(first.cause) }), width);
