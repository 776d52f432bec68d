import type { Result } from '../../answers/answers.ts';
import { approximationLines } from '../answers/approximations.ts';
import { linesOf } from '../answers/answer-views.ts';
import type { Line } from '../text/line.ts';
import { paragraph, type Section } from './blocks.ts';
import { compareSection, recallSection } from './list-sections.ts';
import { contrastSection, explainSection, searchPathSection, whyNotSection } from './why-sections.ts';

/** Wide enough that a sentence stays one line. */
const unfolded = 10_000;
/** Cells of a text view within the page. */
const textWidth = 110;

const textOf = (line: Line): string => line.map((s) => s.text).join('');
const isBold = (line: Line): boolean => line.length > 0 && line.every((s) => s.style === 'bold');

/** The sentence that a text view begins with: its first bold line, or its first line where none is bold. */
const leadOf = (result: Result): string => {
  const lines = linesOf(result, unfolded);
  const first = lines.find(isBold) ?? lines.find((line) => textOf(line).trim() !== '');
  return first === undefined ? '' : textOf(first).trim();
};

/** The lines after those that the lead was: the first ones where they are bold. */
const withoutLead = (lines: readonly Line[]): readonly Line[] => {
  const rest = lines.findIndex((line) => !isBold(line));
  return rest < 0 ? [] : lines.slice(rest);
};

/** Any answer: the sentence that it begins with, then its text view. */
const plainSection = (result: Result): Section => ({
  subject: '',
  lead: leadOf(result),
  blocks: [{ kind: 'lines', lines: withoutLead(linesOf(result, textWidth)) }],
});

const typedSection = (result: Result): Section | null => {
  switch (result.schema) {
    case 'explain':
      return explainSection(result.data);
    case 'contrast':
      return contrastSection(result.data, leadOf(result));
    case 'why-not':
      return whyNotSection(result.data);
    case 'search-path':
      return searchPathSection(result.data);
    case 'recall':
      return recallSection(result.data, result.query ?? null);
    case 'compare':
      return compareSection(result.data, leadOf(result));
    default:
      return null;
  }
};

/** The pieces of an answer; one that has none of its own is shown by its text view. */
export const sectionOf = (result: Result): Section => {
  const typed = typedSection(result);
  if (typed === null) return plainSection(result);
  const doubts = approximationLines(result, unfolded, false).map((line) => paragraph(textOf(line), 'warn'));
  return { ...typed, blocks: [...doubts, ...typed.blocks] };
};
