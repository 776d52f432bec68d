import { t } from '../../base/texts.ts';
import { graphemesOf } from '../../base/graphemes.ts';
import { partsOf } from '../../commands/recall/compare-ablation.ts';
import { undecidedStep } from '../../state/player/review.ts';
import { chosenKnob } from '../../state/sliders.ts';
import type { TextInput } from '../../state/prompt/input.ts';
import type { AppState } from '../../state/state.ts';
import type { Prompt } from '../../state/types.ts';
import type { Candidate } from '../../console/complete.ts';
import { searchFails } from '../../state/prompt/history.ts';
import { menuOf, promptPlace } from '../../state/prompt/menu.ts';
import { cellWidth, truncateCells, wrapCells } from '../text/cells.ts';
import { details, signature } from '../../console/usage.ts';
import { fitLine, span, text, type Line, type Span } from '../text/line.ts';
import { table } from '../text/table.ts';
import { selectedLine, windowStart } from './box.ts';

/** Code units a cell may take at the most, as far as anything that is typed is concerned: a joined family has 11. */
const unitsPerCell = 32;

/** The end of a text that fits into `room` cells; only that much of a pasted book is looked at. */
const tailWithin = (value: string, room: number): string => {
  const segments = [...graphemesOf(value.slice(-Math.max(1, room) * unitsPerCell))].map((s) => s.segment);
  let from = segments.length;
  for (let left = room; from > 0; from -= 1) {
    left -= cellWidth(segments[from - 1] ?? '');
    if (left < 0) break;
  }
  return segments.slice(from).join('');
};

/** Code units of the line left out on the left so that the cursor is seen. */
const hidden = ({ value, cursor }: TextInput, width: number): number => {
  const [first] = graphemesOf(value.slice(cursor, cursor + unitsPerCell));
  return cursor - tailWithin(value.slice(0, cursor), width - 1 - cellWidth(first?.segment ?? ' ')).length;
};

/** The text with a block where the cursor stands; the part around the cursor when it is too long. */
export const inputLine = ({ value, cursor }: TextInput, width: number): Line => {
  const [first] = graphemesOf(value.slice(cursor, cursor + unitsPerCell));
  const at = first?.segment ?? ' ';
  const after = value.slice(cursor + (first?.segment.length ?? 0), cursor + width * unitsPerCell);
  return fitLine(
    [span(tailWithin(value.slice(0, cursor), width - 1 - cellWidth(at))), span(at, 'selected'), span(after)],
    width,
  );
};

const labels: Readonly<Record<Prompt['kind'], (state: AppState) => string>> = {
  command: () => ':',
  filter: () => '/',
  'why-not': () => asked(t('why not, ad id or words')),
  time: () => asked(t('as of, UTC, e.g. 21:04 +3h -1d')),
  context: () => asked(t('context, e.g. promo=618 hour=20; promo= clears')),
  search: () => asked(t('what if the user had just searched')),
  'knock-out': () => asked(t('knock out, e.g. kind:view cat:… platform:web group:… since:…')),
  preset: () => asked(t('preset name (name! overwrites)')),
  record: () => asked(t('record to file')),
  export: () => asked(t('export to file.json, .csv or .md (file! overwrites)')),
  without: ({ query }) => asked(t('remove one of {parts}', { parts: query === null ? '' : partsOf(query).join(' ') })),
  accept: (state) => asked(t('accept step {step}, because', { step: undecidedStep(state) ?? '' })),
  weight: (state) => {
    const knob = chosenKnob(state);
    if (knob === null) return asked(t('weight'));
    const places = { name: knob.name, value: knob.value, least: knob.least };
    return asked(
      knob.place === null
        ? t('weight of {name}, now {value}, from {least} to {most}', { ...places, most: knob.most })
        : t('quota of {name}, now {value}, from {least} to {most}', { ...places, most: '10,000' }),
    );
  },
};

/** A label with its blanks. */
const asked = (words: string): string => ` ${words} `;

const picks = (prompt: Prompt, width: number): Line[] => {
  const lines = table(
    [
      { title: '', cell: (_: Prompt['picks'][number], i) => (i === prompt.picked ? '▸' : ' ') },
      { title: t('ad'), cell: (ad) => ad.adId, max: 24 },
      { title: t('title'), cell: (ad) => ad.title, flex: 3, min: 10 },
      { title: t('category'), cell: (ad) => ad.category, flex: 1, drop: 1 },
    ],
    prompt.picks,
    width - 1,
    { bare: true },
  );
  return lines.map((line, i) =>
    i === prompt.picked ? selectedLine([span(' '), ...line], width) : fitLine([span(' '), ...line], width),
  );
};

const menuRows = 8;

/** The candidates around the chosen one; how many there are. */
const menu = (state: AppState, prompt: Prompt, width: number): Line[] => {
  if (prompt.menu === null) return [];
  const all = menuOf(state, prompt);
  const { picked } = prompt.menu;
  if (all.length === 0)
    return [fitLine(text(asked(isAsking(state) ? t('searching…') : t('no completion')), 'dim'), width)];
  const from = windowStart(Math.max(0, picked), all.length, menuRows);
  const shown = all.slice(from, from + menuRows);
  const lines = table<Candidate>(
    [
      { title: '', cell: (_, i) => (i + from === picked ? '▸' : ' ') },
      { title: '', cell: (c) => c.value, max: 40 },
      { title: '', cell: (c) => span(c.note, 'dim'), flex: 1, min: 8, drop: 1 },
    ],
    shown,
    width - 1,
    { bare: true },
  );
  const more =
    all.length > menuRows
      ? [
          fitLine(
            text(
              asked(
                t('{from}–{to} of {total} · Tab next', {
                  from: from + 1,
                  to: from + shown.length,
                  total: all.length,
                }),
              ),
              'dim',
            ),
            width,
          ),
        ]
      : [];
  return [
    ...lines.map((line, i) =>
      i + from === picked ? selectedLine([span(' '), ...line], width) : fitLine([span(' '), ...line], width),
    ),
    ...more,
  ];
};

const isAsking = (state: AppState): boolean =>
  Object.keys(state.requests.slots).some((slot) => slot.startsWith('complete:'));

/** Under the line: the command with the argument at the cursor in ›brackets‹, and what that argument is. */
const argumentHelp = (state: AppState, prompt: Prompt, width: number): Line[] => {
  const { command, specs, ofOption } = promptPlace(state, prompt, prompt.input);
  if (command === null)
    return [
      fitLine(
        text(asked(t('a command, or !! for the last line; Tab lists commands, ctrl-r searches earlier lines')), 'dim'),
        width,
      ),
    ];
  const places = command.args
    .filter((a) => a.position !== undefined)
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const [current] = specs;
  const words = places.map((a): Span =>
    specs.includes(a) || specs.some((s) => s.name === a.name)
      ? span(` ›${signature(a)}‹`, 'bold')
      : span(` ${a.required === true ? signature(a) : `[${signature(a)}]`}`, 'dim'),
  );
  const option =
    current !== undefined && current.position === undefined
      ? [span(`  ›${signature(current)}‹`, 'bold')]
      : [span(`  ${t('[options]')}`, 'dim')];
  const doc = current === undefined ? command.title : specs.map((s) => details(s)).join(` ${t('Or:')} `);
  const left =
    !ofOption && state.userId !== null && specs.some((s) => s.type === 'user')
      ? ` ${t('Default: {user}.', { user: state.userId })}`
      : '';
  return [
    fitLine([span(` ${command.id}`, 'accent'), ...words, ...option], width),
    fitLine(text(` ${doc}${left}`, 'dim'), width),
  ];
};

/** Under the line: a caret under the word that is wrong, then what is wrong, what was expected, what may have been meant. */
const errorUnder = (prompt: Prompt, lead: string, width: number): Line[] => {
  const { error, input } = prompt;
  if (error === null) return [];
  if (prompt.kind !== 'command' && prompt.kind !== 'filter')
    return wrapCells(error.message, width - 2).map((line) => fitLine(text(` ${line}`, 'bad'), width));
  const cut = hidden(input, Math.max(4, width - cellWidth(lead)));
  const before =
    cellWidth(lead) +
    cellWidth(input.value.slice(Math.min(cut, error.at), error.at)) +
    Math.max(0, error.at - input.value.length);
  const at = Math.max(0, Math.min(width - 2, before));
  const mark = `^${'~'.repeat(Math.max(0, Math.min(width - at - 2, cellWidth(input.value.slice(error.at, error.at + error.length)) - 1)))}`;
  const said = [
    error.message,
    ...(error.expected === undefined ? [] : [t('expected: {expected}', { expected: error.expected })]),
    ...(error.hint === undefined ? [] : [error.hint]),
  ];
  return [
    fitLine(text(`${' '.repeat(at)}${mark}`, 'bad'), width),
    ...said
      .flatMap((line) => wrapCells(line, width - 2))
      .slice(0, 4)
      .map((line) => fitLine(text(` ${line}`, 'bad'), width)),
  ];
};

const searching = (state: AppState, search: NonNullable<Prompt['search']>): string =>
  asked(
    searchFails(state, search)
      ? t('no earlier line contains "{words}":', { words: search.pattern.value })
      : t('an earlier line contains "{words}":', { words: search.pattern.value }),
  );

/** The prompt at the bottom: what can be picked, the line itself, what is wrong with it or what it wants next. */
export const promptLines = (state: AppState, prompt: Prompt, width: number): Line[] => {
  const lead = truncateCells(
    prompt.search === null ? labels[prompt.kind](state) : searching(state, prompt.search),
    Math.max(1, width - 8),
  );
  const line = fitLine([span(lead, 'accent'), ...inputLine(prompt.input, Math.max(4, width - cellWidth(lead)))], width);
  const under =
    prompt.error !== null
      ? errorUnder(prompt, lead, width)
      : prompt.kind === 'command'
        ? argumentHelp(state, prompt, width)
        : [];
  return [...picks(prompt, width), ...menu(state, prompt, width), line, ...under];
};
