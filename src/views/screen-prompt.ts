import type { TextInput } from '../state/input.ts';
import type { AppState, Prompt } from '../state/state.ts';
import { cellWidth } from './cells.ts';
import { figure } from './figures.ts';
import { fitLine, span, text, type Line } from './line.ts';
import { maxWeight } from '../domain/query.ts';
import { table } from './table.ts';
import { selectedLine } from './screen-box.ts';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The text with a block where the cursor stands; the part around the cursor when it is too long. */
export const inputLine = ({ value, cursor }: TextInput, width: number): Line => {
  const before = value.slice(0, cursor);
  const [first] = graphemes.segment(value.slice(cursor));
  const at = first?.segment ?? ' ';
  const after = value.slice(cursor + (first?.segment.length ?? 0));
  let head = before;
  while (head !== '' && cellWidth(head) + cellWidth(at) > width - 1) head = head.slice([...graphemes.segment(head)][0]?.segment.length ?? 1);
  return fitLine([span(head), span(at, 'selected'), span(after)], width);
};

const labels: Readonly<Record<Prompt['kind'], string>> = { command: ':', 'why-not': ' why not, ad ', weight: ' weight ' };

const label = (state: AppState, { kind }: Prompt): string =>
  (kind === 'weight' ? ` weight of ${state.group ?? ''} (0 to ${figure(maxWeight, 0)}) ` : labels[kind]);

const picks = (prompt: Prompt, width: number): Line[] => {
  const lines = table([
    { title: '', cell: (_: Prompt['picks'][number], i) => (i === prompt.picked ? '▸' : ' ') },
    { title: 'ad', cell: (ad) => ad.adId, max: 24 },
    { title: 'title', cell: (ad) => ad.title, flex: 3, min: 10 },
    { title: 'category', cell: (ad) => ad.category, flex: 1, drop: 1 },
  ], prompt.picks, width - 1, { bare: true });
  return lines.map((line, i) => (i === prompt.picked ? selectedLine([span(' '), ...line], width) : fitLine([span(' '), ...line], width)));
};

/** The prompt at the bottom: what can be picked, what is wrong (a caret under the word), the line itself. */
export const promptLines = (state: AppState, prompt: Prompt, width: number): Line[] => {
  const lead = label(state, prompt);
  const caret = prompt.error === null || prompt.kind !== 'command' ? 0 : Math.min(width - 12, cellWidth(lead + prompt.input.value.slice(0, prompt.error.at)));
  const error: Line[] = prompt.error === null ? [] : [fitLine(text(`${' '.repeat(Math.max(0, caret))}${caret > 0 ? '^ ' : ' '}${prompt.error.message}`, 'bad'), width)];
  return [...picks(prompt, width), fitLine([span(lead, 'accent'), ...inputLine(prompt.input, Math.max(4, width - cellWidth(lead)))], width), ...error];
};
