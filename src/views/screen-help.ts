import { actionsAt, availability } from '../state/actions.ts';
import type { AppState } from '../state/state.ts';
import { beside, scrolled } from './screen-box.ts';
import { keyName } from './screen-footer.ts';
import { hanging } from './screen-text.ts';
import { span, text, type Line } from './line.ts';

const keyLines = (state: AppState, width: number): Line[] => {
  const actions = [...new Map(actionsAt(state, state.focus).map((a) => [a.id, a])).values()];
  return actions.flatMap((action): Line[] => {
    const reason = availability(state, action);
    const keys = action.keys.map(keyName).join(' ').padEnd(16);
    const said = hanging(keys, action.title, width, { label: 'accent', ...(reason === true ? {} : { text: 'dim' as const }) });
    return reason === true ? said : [...said, [span(`${' '.repeat(17)}not now: ${reason}`, 'dim')]];
  });
};

const commandLines = (state: AppState, width: number): Line[] =>
  [...state.table].sort((a, b) => (a.id < b.id ? -1 : 1)).flatMap((c) => hanging(c.id.padEnd(16), c.title, width, { label: 'accent' }));

/** All keys of this place with the reason where one is disabled, and all commands of the table. */
export const helpLines = (state: AppState, width: number, height: number): { readonly lines: readonly Line[]; readonly most: number } => {
  const keys = (w: number): Line[] => [text('Keys here', 'bold'), [], ...keyLines(state, w)];
  const commands = (w: number): Line[] => [text('Commands (type : and the name)', 'bold'), [], ...commandLines(state, w)];
  const half = Math.floor((width - 3) / 2);
  const all = width >= 110 ? beside(keys(half), commands(half), half, [span('   ')]) : [...keys(width), [], ...commands(width)];
  return scrolled(all, state.help?.scroll ?? 0, height);
};
