import type { MinimiseData } from '../../../answers/session.ts';
import { plural } from '../../text/figures.ts';
import { fitLines, type Line } from '../../text/line.ts';
import { and, sentence } from '../../text/sentences.ts';
import { causeLine } from './divergence.ts';

/** How far the session shrank, the steps that are left, and what still fails in them. */
export const minimiseView = (data: MinimiseData, width: number): Line[] => {
  const { before, after, step, kinds, tried, steps, first, written } = data;
  return fitLines(
    [
      ...sentence(
        `${plural(before, 'step')} shrunk to ${after}: step ${step} still fails${kinds.length === 0 ? '' : ` in ${and(kinds)}`}.`,
        width,
        'bold',
      ),
      ...sentence(`Steps: ${steps.map((one) => `${one.step} ${one.command}`).join(', ')}.`, width),
      ...(first?.failures ?? []).flatMap(({ message }) => sentence(message, width, 'bad')),
      ...causeLine(first, width),
      ...sentence(`${plural(tried, 'subset')} judged.`, width, 'dim'),
      ...(written === null ? [] : sentence(`Written to ${written}.`, width)),
    ],
    width,
  );
};
