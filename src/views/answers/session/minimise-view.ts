import type { MinimiseData } from '../../../answers/session.ts';
import { t } from '../../../base/texts.ts';
import { plural } from '../../text/figures.ts';
import { fitLines, type Line } from '../../text/line.ts';
import { and, sentence } from '../../text/sentences.ts';
import { causeLine } from './divergence.ts';

/** How far the session shrank, the steps that are left, and what still fails in them. */
export const minimiseView = (data: MinimiseData, width: number): Line[] => {
  const { before, after, step, kinds, tried, steps, first, written } = data;
  const places = { steps: plural(before, 'step'), after, step };
  return fitLines(
    [
      ...sentence(
        kinds.length === 0
          ? t('{steps} reduced to {after}: step {step} still fails.', places)
          : t('{steps} reduced to {after}: step {step} still fails ({kinds}).', { ...places, kinds: and(kinds) }),
        width,
        'bold',
      ),
      ...sentence(t('Steps: {steps}.', { steps: steps.map((one) => `${one.step} ${one.command}`).join(', ') }), width),
      ...(first?.failures ?? []).flatMap(({ message }) => sentence(message, width, 'bad')),
      ...causeLine(first, width),
      ...sentence(t('{subsets} run.', { subsets: plural(tried, 'subset') }), width, 'dim'),
      ...(written === null ? [] : sentence(t('Written to {path}.', { path: written }), width)),
    ],
    width,
  );
};
