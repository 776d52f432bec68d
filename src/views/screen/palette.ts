import { t } from '../../base/texts.ts';
import { paletteItems, type PaletteItem } from '../../state/prompt/palette.ts';
import { copyItems, type CopyItem } from '../../state/copy.ts';
import type { AppState } from '../../state/state.ts';
import { cellWidth } from '../text/cells.ts';
import { plural } from '../text/figures.ts';
import { fitLine, span, text, type Line, type Span } from '../text/line.ts';
import { selectedLine, windowStart } from './box.ts';
import { keyName } from './footer.ts';
import { inputLine } from './prompt.ts';
import { table } from '../text/table.ts';

const chosen = (lines: readonly Line[], row: number, width: number): Line[] =>
  lines.map((line, i) =>
    i === row ? selectedLine([span(' '), ...line], width) : fitLine([span(' '), ...line], width),
  );

/** All actions that match what is typed, with their keys, and what one needs where it can do nothing now. */
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
          span(item.available === true ? '' : ` · ${item.available}`, 'warn'),
        ],
        flex: 1,
        min: 10,
      },
    ],
    items.slice(from, from + rows),
    width - 1,
    { bare: true },
  );
  const lead = ` ${t('do')} `;
  const count: Span = span(
    items.length === 0
      ? t('No match · Esc close')
      : t('{actions} · Enter run · Tab edit · Esc close', { actions: plural(items.length, 'action') }),
    'dim',
  );
  return [
    ...chosen(lines, palette.row - from, width),
    fitLine([span(' '), count], width),
    fitLine([span(lead, 'accent'), ...inputLine(palette.input, width - cellWidth(lead))], width),
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
        cell: (item) => (item.text === null ? span(item.why, 'dim') : item.text.slice(0, 400)),
        flex: 1,
        min: 10,
      },
    ],
    copyItems(state),
    width - 1,
    { bare: true },
  );
  return [
    fitLine(text(` ${t('copy: a letter, or Enter; Esc closes')}`, 'accent'), width),
    ...chosen(lines, copying.row, width),
  ];
};
