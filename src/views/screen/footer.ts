import { t } from '../../base/texts.ts';
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
};

export const keyName = (key: string): string => (key === ' ' ? t('space') : (names[key] ?? key));

const item = (action: Action, state: AppState): readonly Span[] => [
  span(keyName(action.keys[0] ?? ''), 'accent'),
  span(` ${action.short?.(state) ?? action.title()}  `),
];

/** Keys that matter now and can do something, as many as fit; the help's key always has its place. */
export const footerLine = (state: AppState, width: number): Line => {
  const { message, queue } = state;
  if (queue !== null)
    return truncateLine(
      [
        span(` ${t('line {n} of {total}:', { n: queue.at + 1, total: queue.lines.length })} `, 'accent'),
        span(queue.lines[queue.at]?.text ?? ''),
        span(`  ${t('Esc stops')}`, 'dim'),
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
  const last = help === undefined ? [] : item(help, state);
  let line: Line = [span(' ')];
  for (const action of offered) {
    if (action === help) continue;
    const longer = [...line, ...item(action, state)];
    if (lineWidth(longer) + lineWidth(last) > width) break;
    line = longer;
  }
  return truncateLine([...line, ...last], width);
};
