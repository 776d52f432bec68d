import type { ReviewData, StepOutcome } from '../../../answers/session.ts';
import { t } from '../../../base/texts.ts';
import { plural } from '../../text/figures.ts';
import { fitLines, type Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';
import { answerWords } from './answer-words.ts';
import { causeLine, differingLine, failuresText, stepText } from './divergence.ts';

const headline = ({ file, pending, decided, written }: ReviewData): string => {
  const open =
    pending.length === 0
      ? t('{file}: no undecided divergence.', { file })
      : t('{file}: {divergences}.', { file, divergences: plural(pending.length, 'undecided divergence') });
  if (decided.length === 0) return open;
  const decisions = plural(decided.length, 'decision');
  return `${open} ${written ? t('{decisions} written.', { decisions }) : t('{decisions} made.', { decisions })}`;
};

const open = ({ step, command, failures, recorded, present }: StepOutcome, width: number): Line[] => [
  ...sentence(`${stepText(step, command)}: ${failuresText(failures)}`, width, 'bad'),
  ...sentence(
    t('recorded: {recorded}; now: {present}', { recorded: answerWords(recorded), present: answerWords(present) }),
    width,
    'dim',
  ),
];

const decisionText = (step: number, accepted: boolean, why: string): string => {
  const decision = accepted ? t('step {step} accepted', { step }) : t('step {step} rejected', { step });
  return why === '' ? decision : `${decision}: ${why}`;
};

/** What a session expects and gets now, step by step, and what was decided; `hint`: how to decide on what is left. */
export const reviewLines = (data: ReviewData, width: number, hint: readonly Line[]): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...differingLine(data.differing, width),
      ...data.pending.flatMap((outcome) => open(outcome, width)),
      ...causeLine(data.pending.length === 0 ? null : data.first, width),
      ...data.decided.flatMap(({ step, verb, why }) => sentence(decisionText(step, verb === 'accept', why), width)),
      ...hint,
    ],
    width,
  );

/** The same with the options that decide. */
export const reviewView = (data: ReviewData, width: number): Line[] =>
  reviewLines(
    data,
    width,
    data.pending.length === 0
      ? []
      : sentence(t('Decide with --accept STEP --why TEXT, or --reject STEP.'), width, 'accent'),
  );
