import { t } from '../../base/texts.ts';
import { actionsAt, availability } from '../../state/actions/actions.ts';
import { promptTable } from '../../state/prompt/commands.ts';
import { factsOf } from '../../state/select.ts';
import type { AppState } from '../../state/state.ts';
import { beside, box, scrolled } from './box.ts';
import { keyName } from './footer.ts';
import type { Drawn } from './pane.ts';
import { inputLine } from './prompt.ts';
import { cellWidth } from '../text/cells.ts';
import { hanging } from '../text/sentences.ts';
import { span, text, type Line } from '../text/line.ts';

const matches = (filter: string, ...texts: readonly string[]): boolean => {
  const all = texts.join(' ').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => all.includes(word));
};

/** One entry of the help, and what it needs where it can do nothing now. */
const entry = (label: string, title: string, reason: true | string, width: number): Line[] => {
  const said = hanging(label.padEnd(16), title, width, {
    label: 'accent',
    ...(reason === true ? {} : { text: 'dim' as const }),
  });
  return reason === true ? said : [...said, ...hanging(' '.repeat(16), reason, width, { text: 'dim' })];
};

const keyLines = (state: AppState, filter: string, width: number): Line[] => {
  const place = state.screen === 'finder' ? 'finder' : state.focus;
  const actions = [...new Map(actionsAt(state, place).map((a) => [a.id, a])).values()];
  return actions
    .filter((a) => matches(filter, a.id, a.title(), a.keys.join(' '), a.keys.map(keyName).join(' ')))
    .flatMap((action) => entry(action.keys.map(keyName).join(' '), action.title(), availability(state, action), width));
};

const sentence = (doc: string): string => /^.*?[.!?](?=\s|$)/s.exec(doc)?.[0] ?? doc;

const commandLines = (state: AppState, filter: string, width: number): Line[] =>
  [...promptTable(state.table)]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .filter((c) => matches(filter, c.id, c.title, c.doc))
    .flatMap((c) => entry(c.id, sentence(c.doc), c.when?.(factsOf(state)) ?? true, width));

const part = (title: string, lines: readonly Line[]): Line[] => [
  text(title, 'bold'),
  [],
  ...(lines.length === 0 ? [text(t('No match. Esc shows all again.'), 'dim')] : lines),
];

/** All keys of this place, with the reason where one is disabled, and all commands; narrowed by what is typed. */
const helpLines = (state: AppState, width: number, height: number): Drawn => {
  const filter = state.help?.filter.value.trim() ?? '';
  const keys = (w: number): Line[] => part(t('Keys here'), keyLines(state, filter, w));
  const commands = (w: number): Line[] => part(t('Commands (type : and the name)'), commandLines(state, filter, w));
  const half = Math.floor((width - 3) / 2);
  const all =
    width >= 110 ? beside(keys(half), commands(half), half, [span('   ')]) : [...keys(width), [], ...commands(width)];
  const find: Line =
    state.help === null || state.help.filter.value === ''
      ? [span(t('type a key or a word to narrow the list'), 'dim')]
      : [span(`${t('with')} `, 'accent'), ...inputLine(state.help.filter, width - cellWidth(t('with')) - 2)];
  const { lines, most } = scrolled(all, state.help?.scroll ?? 0, height - 1);
  return { lines: [find, ...lines], most };
};

/** The help as a page. */
export const helpPage = (state: AppState, width: number, height: number, ascii: boolean): Drawn => {
  const { lines, most } = helpLines(state, width - 4, height - 2);
  const framed = box(
    [span(t('help'), 'bold')],
    lines.map((line): Line => [span(' '), ...line]),
    { width, height, focused: true, ascii },
    most > 0 ? [span(t('↓ ↑ PgDn PgUp'), 'dim')] : [],
  );
  return { lines: framed, most };
};
