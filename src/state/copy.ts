import { bytes } from '../base/bytes.ts';
import { t } from '../base/texts.ts';
import { safeJson, withoutUnsafe } from '../base/unsafe-text.ts';
import { headlessOf, jsonOf, shownNow } from './focused.ts';
import { only, type AppState, type Step } from './state.ts';

/** Terminals take some 100,000 characters of base64. */
const mostBytes = 74_000;

/** One thing that can be copied; `text` null: `why` is the reason. */
export interface CopyItem {
  readonly key: string;
  readonly label: string;
  readonly text: string | null;
  readonly why: string;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const item = (key: string, label: string, text: string | null, why: string): CopyItem => {
  const size = text === null ? 0 : bytesOf(text);
  return size > mostBytes
    ? {
        key,
        label,
        text: null,
        why: t('{size} exceed what a terminal accepts ({most}); E writes a file', {
          size: bytes(size),
          most: bytes(mostBytes),
        }),
      }
    : { key, label, text, why };
};

/** What `y` offers for the pane that has the keys. Nothing of it holds a control character. */
export const copyItems = (state: AppState): readonly CopyItem[] => {
  const shown = shownNow(state);
  if (typeof shown === 'string') return [item('i', t('id'), null, shown)];
  return [
    item('i', t('id'), shown.id === null ? null : withoutUnsafe(shown.id), t('needs a row under the cursor')),
    item('r', t('row'), shown.row === null ? null : withoutUnsafe(shown.row), t('needs a pane with rows')),
    item('j', 'JSON', safeJson(jsonOf(state, shown)), ''),
    item('c', t('command'), headlessOf(state, shown), t('no command gives this answer')),
  ];
};

export const openCopy = (state: AppState): Step =>
  only({
    ...state,
    copying: {
      row: Math.max(
        0,
        copyItems(state).findIndex((i) => i.text !== null),
      ),
    },
    message: null,
  });

const copy = (state: AppState, { label, text, why }: CopyItem): Step => {
  const closed: AppState = { ...state, copying: null };
  if (text === null)
    return only({ ...closed, message: { text: t('not copied: {reason}', { reason: why }), tone: 'bad' } });
  return [
    {
      ...closed,
      message: {
        text: t("{what} sent to the terminal's clipboard: {size}", { what: label, size: bytes(bytesOf(text)) }),
        tone: 'plain',
      },
    },
    [{ type: 'copy', text }],
  ];
};

export const copyKey = (state: AppState, key: string): Step => {
  const { copying } = state;
  if (copying === null) return only(state);
  const items = copyItems(state);
  const by = { up: -1, k: -1, down: 1, j: 1 }[key];
  const named = items.find((i) => i.key === key);
  if (named !== undefined) return copy(state, named);
  if (by !== undefined)
    return only({ ...state, copying: { row: Math.max(0, Math.min(items.length - 1, copying.row + by)) } });
  const chosen = items[copying.row];
  if ((key === 'enter' || key === 'y') && chosen !== undefined) return copy(state, chosen);
  return only(key === 'esc' || key === 'q' || key === 'ctrl-c' ? { ...state, copying: null } : state);
};
