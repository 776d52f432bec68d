import { chosenKnob } from '../state/knobs.ts';
import type { TextInput } from '../state/input.ts';
import type { AppState, Prompt } from '../state/state.ts';
import { cellWidth } from './cells.ts';
import { fitLine, span, text, type Line } from './line.ts';
import { table } from './table.ts';
import { selectedLine } from './screen-box.ts';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Code units a cell may take at the most, as far as anything that is typed is concerned: a joined family has 11. */
const unitsPerCell = 32;

/** The end of a text that fits into `room` cells; only that much of a pasted book is looked at. */
const tailWithin = (value: string, room: number): string => {
  const segments = [...graphemes.segment(value.slice(-Math.max(1, room) * unitsPerCell))].map((s) => s.segment);
  let from = segments.length;
  for (let left = room; from > 0; from -= 1) {
    left -= cellWidth(segments[from - 1] ?? '');
    if (left < 0) break;
  }
  return segments.slice(from).join('');
};

/** The text with a block where the cursor stands; the part around the cursor when it is too long. */
export const inputLine = ({ value, cursor }: TextInput, width: number): Line => {
  const [first] = graphemes.segment(value.slice(cursor, cursor + unitsPerCell));
  const at = first?.segment ?? ' ';
  const after = value.slice(cursor + (first?.segment.length ?? 0), cursor + width * unitsPerCell);
  return fitLine([span(tailWithin(value.slice(0, cursor), width - 1 - cellWidth(at))), span(at, 'selected'), span(after)], width);
};

const labels: Readonly<Record<Exclude<Prompt['kind'], 'weight'>, string>> = {
  command: ':', 'why-not': ' why not, ad ', time: ' as of (UTC; 21:04, +3h, -1d) ', context: ' context (device= hour= promo=; none: promo=) ', search: ' what if the user had just searched ',
  'knock-out': ' knock out (kind:view cat:… platform:web group:… since:…) ', preset: ' save preset as (a ! at the end replaces) ', record: ' record to ', filter: '/',
};

const label = (state: AppState, { kind }: Prompt): string => {
  if (kind !== 'weight') return labels[kind];
  const knob = chosenKnob(state);
  return knob === null ? ' weight ' : ` ${knob.place === null ? 'weight' : 'quota'} of ${knob.name} (${knob.least} to ${knob.place === null ? knob.most : '10,000'}) `;
};

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
  const caret = prompt.error === null || (prompt.kind !== 'command' && prompt.kind !== 'filter') ? 0 : Math.min(width - 12, cellWidth(lead + prompt.input.value.slice(0, prompt.error.at)));
  const error: Line[] = prompt.error === null ? [] : [fitLine(text(`${' '.repeat(Math.max(0, caret))}${caret > 0 ? '^ ' : ' '}${prompt.error.message}`, 'bad'), width)];
  return [...picks(prompt, width), fitLine([span(lead, 'accent'), ...inputLine(prompt.input, Math.max(4, width - cellWidth(lead)))], width), ...error];
};
