import type { ReviewData, StepOutcome } from '../../../answers/session.ts';
import { plural } from '../../text/figures.ts';
import { fitLines, type Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';
import { answerWords } from './answer-words.ts';
import { causeLine, differingLine } from './divergence.ts';

const headline = ({ file, pending, decided, written }: ReviewData): string => {
  const open = pending.length === 0 ? 'nothing is undecided' : `${plural(pending.length, 'divergence')} undecided`;
  const taken = decided.length === 0 ? '' : `; ${plural(decided.length, 'decision')}${written ? ' written' : ''}`;
  return `${file}: ${open}${taken}.`;
};

const open = ({ step, command, failures, recorded, present }: StepOutcome, width: number): Line[] => [
  ...sentence(
    `step ${step} ${command}: ${failures.map(({ message }) => message).join('; ') || 'another answer than observed'}`,
    width,
    'bad',
  ),
  ...sentence(`recorded: ${answerWords(recorded)}; now: ${answerWords(present)}`, width, 'dim'),
];

/** What a session expects and gets now, step by step, and what was decided. */
export const reviewView = (data: ReviewData, width: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...differingLine(data.differing, width),
      ...data.pending.flatMap((outcome) => open(outcome, width)),
      ...causeLine(data.pending.length === 0 ? null : data.first, width),
      ...data.decided.flatMap(({ step, verb, why }) =>
        sentence(`step ${step} ${verb === 'accept' ? 'accepted' : 'rejected'}${why === '' ? '' : `: ${why}`}`, width),
      ),
      ...(data.pending.length === 0
        ? []
        : sentence('Decide with --accept STEP --why TEXT, or --reject STEP.', width, 'accent')),
    ],
    width,
  );
