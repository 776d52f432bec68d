import { t } from '../../base/texts.ts';
import { isWaited } from '../../state/prompt/transcript.ts';
import type { TranscriptEntry } from '../../state/types.ts';
import type { AppState } from '../../state/state.ts';
import { linesOf } from '../answers/answer-views.ts';
import { span, text, type Line } from '../text/line.ts';
import { errorLines } from './error.ts';

const answers = new WeakMap<TranscriptEntry, { readonly at: string; readonly lines: readonly Line[] }>();

/** The answer in the command's own view; laid out once for each width. */
const answerLines = (
  state: Pick<AppState, 'requests'>,
  entry: TranscriptEntry,
  width: number,
  ascii: boolean,
): readonly Line[] => {
  if (entry.error !== null) return errorLines(entry.error, width);
  if (entry.result === null)
    return [text(isWaited(state, entry) ? t('working…') : t('not answered: another question replaced it'), 'dim')];
  if (entry.result.data === null) return [text(t('answer dropped: only the latest are kept'), 'dim')];
  const at = `${width} ${String(ascii)}`;
  const known = answers.get(entry);
  if (known?.at === at) return known.lines;
  const lines = linesOf(entry.result, width, { ascii });
  answers.set(entry, { at, lines });
  return lines;
};

/** Every command typed in this sitting, with its answer under it. */
export const transcriptLines = (
  state: Pick<AppState, 'transcript' | 'requests'>,
  width: number,
  ascii: boolean,
): Line[] =>
  state.transcript.length === 0
    ? [text(t('No command typed yet. Press : and type one.'), 'dim')]
    : state.transcript.flatMap((entry, i): Line[] => [
        ...(i === 0 ? [] : [[]]),
        [span(': ', 'accent'), span(entry.line, 'bold')],
        ...answerLines(state, entry, width, ascii),
      ]);

/** The lines typed before, with the numbers `!N` takes. */
export const historyLines = (state: Pick<AppState, 'history'>, match: string): Line[] => {
  const lines = state.history.map((line, i) => ({ line, number: i + 1 })).filter(({ line }) => line.includes(match));
  const width = String(state.history.length).length;
  return [
    text(
      t('!N runs line N again, !! the last line, !word the last line that begins with word; ctrl-r at : searches.'),
      'dim',
    ),
    ...lines.map(({ line, number }): Line => [span(`${String(number).padStart(width)}  `, 'dim'), span(line)]),
  ];
};
