import { chosenKnob } from '../state/knobs.ts';
import type { TextInput } from '../state/input.ts';
import type { AppState, Prompt } from '../state/state.ts';
import { cellWidth } from './cells.ts';
import { fitLine, span, text, type Line } from './line.ts';
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

const labels: Readonly<Record<Exclude<Prompt['kind'], 'weight'>, string>> = {
  command: ':', 'why-not': ' why not, ad ', time: ' as of (UTC; 21:04, +3h, -1d) ', context: ' context (device= hour= promo=; none: promo=) ', search: ' what if the user had just searched ',
  'knock-out': ' knock out (kind:view cat:… platform:web group:… since:…) ', preset: ' save preset as (a ! at the end replaces) ', record: ' record to ',
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
  const caret = prompt.error === null || prompt.kind !== 'command' ? 0 : Math.min(width - 12, cellWidth(lead + prompt.input.value.slice(0, prompt.error.at)));
  const error: Line[] = prompt.error === null ? [] : [fitLine(text(`${' '.repeat(Math.max(0, caret))}${caret > 0 ? '^ ' : ' '}${prompt.error.message}`, 'bad'), width)];
  return [...picks(prompt, width), fitLine([span(lead, 'accent'), ...inputLine(prompt.input, Math.max(4, width - cellWidth(lead)))], width), ...error];
};
