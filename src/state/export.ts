import { bytes } from '../base/bytes.ts';
import { t } from '../base/texts.ts';
import { exportText } from '../commands/export/text.ts';
import { exportFormats } from '../commands/export/rows.ts';
import { jsonOf, shownNow } from './focused.ts';
import type { FileAnswer } from './protocol.ts';
import { askInstead } from './requests.ts';
import { only, type AppState, type Step } from './state.ts';

/** Writes a text to a file, whole or not at all; `again`: how to overwrite one that exists. */
export const writeFile = (state: AppState, path: string, content: string, replace: boolean, again: string): Step =>
  askInstead(state, {
    slot: 'write',
    command: 'write',
    args: { path, again },
    baseQuery: null,
    task: { do: 'write', path, text: content, replace },
  });

export const onWritten = (state: AppState, { path, bytes: size }: Extract<FileAnswer, { do: 'write' }>): Step =>
  only({ ...state, message: { text: t('wrote {file}: {size}', { file: path, size: bytes(size) }), tone: 'plain' } });

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

/** Writes what is shown; the end of the name gives the format. A `!` after it overwrites the file. */
export const writeExport = (state: AppState, name: string): Step => {
  const shown = shownNow(state);
  if (typeof shown === 'string') return only({ ...state, message: { text: shown, tone: 'bad' } });
  const path = name.replace(/!$/, '').trim();
  const format = exportFormats.find((f) => path.toLowerCase().endsWith(`.${f}`));
  if (format === undefined)
    return only({
      ...state,
      message: {
        text: t('"{file}" has an unknown format: the name must end in .json, .csv or .md', { file: path }),
        tone: 'bad',
      },
    });
  return writeFile(
    state,
    path,
    exportText(format, shown.result, jsonOf(state, shown)),
    name.endsWith('!'),
    t('name! overwrites it'),
  );
};
