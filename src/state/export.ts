import { exportText } from '../commands/export/text.ts';
import { exportFormats } from '../commands/export/rows.ts';
import { jsonOf, shownNow } from './focused.ts';
import type { FileAnswer } from './protocol.ts';
import { askInstead } from './requests.ts';
import { only, type AppState, type Step } from './state.ts';

/** Writes a text to a file, whole or not at all; `again`: how to overwrite one that is there. */
export const writeFile = (state: AppState, path: string, content: string, replace: boolean, again: string): Step =>
  askInstead(state, {
    slot: 'write',
    command: 'write',
    args: { path, again },
    baseQuery: null,
    task: { do: 'write', path, text: content, replace },
  });

export const onWritten = (state: AppState, { path, bytes }: Extract<FileAnswer, { do: 'write' }>): Step =>
  only({ ...state, message: { text: `wrote ${path}: ${bytes} bytes`, tone: 'plain' } });

/** The name offered for the file: what it is, of whom. */
export const exportName = (state: AppState): string => {
  const shown = shownNow(state);
  const words =
    typeof shown === 'string'
      ? ['answer']
      : [shown.result.schema, state.userId ?? '', shown.command === 'recall' ? state.mode : (shown.id ?? '')];
  return `${words
    .filter((w) => w !== '')
    .join('-')
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')}.csv`;
};

/** Writes what is shown; the end of the name says the form. A `!` after it replaces a file that is there. */
export const writeExport = (state: AppState, name: string): Step => {
  const shown = shownNow(state);
  if (typeof shown === 'string') return only({ ...state, message: { text: shown, tone: 'bad' } });
  const path = name.replace(/!$/, '').trim();
  const format = exportFormats.find((f) => path.toLowerCase().endsWith(`.${f}`));
  if (format === undefined)
    return only({
      ...state,
      message: { text: `${path}: the name must end in .json, .csv or .md, which says the form`, tone: 'bad' },
    });
  return writeFile(
    state,
    path,
    exportText(format, shown.result, jsonOf(state, shown)),
    name.endsWith('!'),
    'a ! after the name replaces it',
  );
};
