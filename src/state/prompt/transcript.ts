import { t } from '../../base/texts.ts';
import { nextQuery } from '../../console/next-query.ts';
import { scriptLineOf } from '../../console/format-command.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { HostReply } from '../protocol.ts';
import { runningAs } from '../requests.ts';
import type { AppState } from '../state.ts';
import type { TranscriptEntry } from '../types.ts';

const keptEntries = 200;
/** Answers beyond these are forgotten; their lines stay. */
const keptAnswers = 50;

export const withTyped = (
  transcript: readonly TranscriptEntry[],
  entry: TranscriptEntry,
): readonly TranscriptEntry[] => {
  const entries = [...transcript, entry].slice(-keptEntries);
  const old = entries.length - keptAnswers;
  return entries.map((one, i) =>
    i < old && one.result !== null && one.result.data !== null
      ? { ...one, result: { schema: one.result.schema, query: one.result.query, data: null } }
      : one,
  );
};

/** The answer of a typed command goes into the transcript. */
export const answered = (state: AppState, reply: HostReply): AppState => {
  if ((reply.type !== 'result' && reply.type !== 'failed') || !state.transcript.some((e) => e.id === reply.id))
    return state;
  const answer = reply.type === 'result' ? { result: reply.result } : { error: reply.error };
  return { ...state, transcript: state.transcript.map((e) => (e.id === reply.id ? { ...e, ...answer } : e)) };
};

export const isWaited = (state: Pick<AppState, 'requests'>, { id }: Pick<TranscriptEntry, 'id'>): boolean =>
  runningAs(state, id) !== null;

/**
 * The commands of this sitting as a script: each with the user, the ad and the settings it was asked
 * with, so that `exec` gives the same answers. What failed or was given up stands as a comment.
 */
export const scriptOf = ({ transcript, table }: Pick<AppState, 'transcript' | 'table'>): string => {
  let carried: RecallQuery | null = null;
  const lines = transcript.flatMap((entry): string[] => {
    const command = table.find((c) => c.id === entry.command);
    if (command === undefined || entry.result === null) return [`# ${t('not answered: {line}', { line: entry.line })}`];
    const line = scriptLineOf(command, entry.args, entry.base, carried);
    carried = nextQuery(carried, entry.result);
    return line === entry.line ? [line] : [`# ${t('typed: {line}', { line: entry.line })}`, line];
  });
  return `${[`# ${t('recall-tui exec: commands typed at the prompt')}`, ...lines].join('\n')}\n`;
};
