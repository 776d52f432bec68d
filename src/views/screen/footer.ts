import { actionsAt, availability } from '../../state/actions/actions.ts';
import type { Action } from '../../state/actions/action.ts';
import type { AppState } from '../../state/state.ts';
import { lineWidth, span, truncateLine, type Line, type Span } from '../text/line.ts';

const names: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pgup: 'PgUp',
  pgdn: 'PgDn',
  ' ': 'space',
};

export const keyName = (key: string): string => names[key] ?? key;

const item = (action: Action): readonly Span[] => [
  span(keyName(action.keys[0] ?? ''), 'accent'),
  span(` ${action.short ?? action.title}  `),
];

/** Keys that matter now and can do something, as many as fit; the help's key always has its place. */
export const footerLine = (state: AppState, width: number): Line => {
  const { message, queue } = state;
  if (queue !== null)
    return truncateLine(
      [
        span(` line ${queue.at + 1} of ${queue.lines.length}: `, 'accent'),
        span(queue.lines[queue.at]?.text ?? ''),
        span('  Esc stops', 'dim'),
      ],
      width,
    );
  if (message !== null)
    return truncateLine(
      [
        span(' '),
        span(message.tone === 'bad' ? `! ${message.text}` : message.text, message.tone === 'bad' ? 'warn' : 'good'),
      ],
      width,
    );
  const offered = actionsAt(state)
    .filter((a) => a.footer !== undefined && availability(state, a) === true)
    .sort((a, b) => (a.footer ?? 0) - (b.footer ?? 0));
  const help = offered.find((a) => a.id === 'help');
  const last = help === undefined ? [] : item(help);
  let line: Line = [span(' ')];
  for (const action of offered) {
    if (action === help) continue;
    const longer = [...line, ...item(action)];
    if (lineWidth(longer) + lineWidth(last) > width) break;
    line = longer;
  }
  return truncateLine([...line, ...last], width);
};
