import type { CommandResult } from '../commands/command.ts';
import { askRecall } from './ask.ts';
import { number, textOrNull, text } from './read.ts';
import { askInstead } from './requests.ts';
import { only, type AppState, type Step } from './state.ts';

/** Commands that act on the recording and answer in one line. */
export const sessionCommands: readonly string[] = ['record', 'note', 'expect'];

export const startRecording = (state: AppState, file: string): Step => askInstead(state, { slot: 'session', command: 'record', args: { file }, baseQuery: state.query });

export const stopRecording = (state: AppState): Step => askInstead(state, { slot: 'session', command: 'record', args: {}, baseQuery: state.query });

const said = (state: AppState, content: string): AppState => ({ ...state, message: { text: content, tone: 'plain' } });

/** The recording began, ended, or took a note. Its first step is the list as it stands. */
export const onSession = (state: AppState, { schema, data }: CommandResult): Step => {
  const file = text(data['session']);
  if (schema === 'note') return only(said(state, `noted in ${file}`));
  if (schema === 'expect') return only(said(state, `step ${number(data['step'])} must keep its ${text(data['expected'])}: ${file}`));
  if (schema !== 'record') return only(state);
  if (data['recording'] !== true) return only(said({ ...state, recording: null }, `recorded ${number(data['steps'])} steps: ${file}`));
  return askRecall(said({ ...state, recording: textOrNull(data['session']) }, `recording to ${file}; R ends it`), state.mode);
};
