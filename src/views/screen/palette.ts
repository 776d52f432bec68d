import { paletteItems, type PaletteItem } from '../../state/prompt/palette.ts';
import { copyItems, type CopyItem } from '../../state/copy.ts';
import type { AppState } from '../../state/state.ts';
import { fitLine, span, text, type Line, type Span } from '../text/line.ts';
import { selectedLine, windowStart } from './box.ts';
import { keyName } from './footer.ts';
import { inputLine } from './prompt.ts';
import { table } from '../text/table.ts';

const notNow = (item: PaletteItem): string => (item.available === true ? '' : `not now: ${item.available}`);

const chosen = (lines: readonly Line[], row: number, width: number): Line[] =>
  lines.map((line, i) =>
    i === row ? selectedLine([span(' '), ...line], width) : fitLine([span(' '), ...line], width),
  );

/** Everything that can be done, narrowed by what is typed: keys, names, and why one can do nothing now. */
export const paletteLines = (state: AppState, width: number, height: number): Line[] => {
  const { palette } = state;
  if (palette === null) return [];
  const items = paletteItems(state);
  const rows = Math.max(1, Math.min(height - 2, 16));
  const from = windowStart(palette.row, items.length, rows);
  const lines = table<PaletteItem>(
    [
      { title: '', cell: (_, i) => (i + from === palette.row ? '▸' : ' ') },
      { title: '', cell: (item) => span(item.keys.map(keyName).slice(0, 2).join(' '), 'accent'), min: 9 },
      { title: '', cell: (item) => item.id, max: 24 },
      {
        title: '',
        cell: (item): Line => [
          span(item.title, item.available === true ? undefined : 'dim'),
          span(item.available === true ? '' : `  ${notNow(item)}`, 'warn'),
        ],
        flex: 1,
        min: 10,
      },
    ],
    items.slice(from, from + rows),
    width - 1,
    { bare: true },
  );
  const count: Span = span(
    `${items.length === 0 ? 'nothing' : items.length} of everything · Enter does it · Tab types it · Esc`,
    'dim',
  );
  return [
    ...chosen(lines, palette.row - from, width),
    fitLine([span(' '), count], width),
    fitLine([span(' do ', 'accent'), ...inputLine(palette.input, width - 4)], width),
  ];
};

/** What `y` copies, one a line, with how it begins. */
export const copyLines = (state: AppState, width: number): Line[] => {
  const { copying } = state;
  if (copying === null) return [];
  const lines = table<CopyItem>(
    [
      { title: '', cell: (_, i) => (i === copying.row ? '▸' : ' ') },
      { title: '', cell: (item) => span(item.key, 'accent') },
      { title: '', cell: (item) => item.label },
      {
        title: '',
        cell: (item) => (item.text === null ? span(`not now: ${item.why}`, 'dim') : item.text.slice(0, 400)),
        flex: 1,
        min: 10,
      },
    ],
    copyItems(state),
    width - 1,
    { bare: true },
  );
  return [
    fitLine(text(' copy (a letter, or Enter; Esc leaves)', 'accent'), width),
    ...chosen(lines, copying.row, width),
  ];
};
