import type { Result } from '../../answers/answers.ts';
import { askRecall } from '../ask.ts';
import { fields, number, textOrNull, text } from '../read.ts';
import { askInstead } from '../requests.ts';
import { adoptAnswer } from '../typed.ts';
import { only, andThen, type AppState, type Step } from '../state.ts';

/** Commands that act on the recording and answer in one line. */
export const sessionCommands: readonly string[] = ['record', 'note', 'expect'];

export const startRecording = (state: AppState, file: string): Step =>
  askInstead(state, { slot: 'session', command: 'record', args: { file }, baseQuery: state.query });

export const stopRecording = (state: AppState): Step =>
  askInstead(state, { slot: 'session', command: 'record', args: {}, baseQuery: state.query });

const steps = (count: number): string => `${count} step${count === 1 ? '' : 's'}`;

const said = (state: AppState, content: string): AppState => ({ ...state, message: { text: content, tone: 'plain' } });

/** The recording began, ended, or took a note. Its first step is the list as it stands. */
export const onSession = (state: AppState, result: Result): Step => {
  const { schema } = result;
  const data = fields(result.data);
  const file = text(data['session']);
  if (schema === 'note') return only(said(state, `noted in ${file}`));
  if (schema === 'expect')
    return only(said(state, `step ${number(data['step'])} must keep ${text(data['claim'])}: ${file}`));
  if (schema !== 'record') return only(state);
  if (data['recording'] !== true)
    return only(said({ ...state, recording: null }, `recorded ${steps(number(data['steps']))}: ${file}`));
  return askRecall(
    said({ ...state, recording: textOrNull(data['session']) }, `recording to ${file}; R ends it`),
    state.mode,
  );
};

/** Goes on where a session was cut off: its user, query and mode, in its file. */
export const resumeLostSession = (state: AppState): Step =>
  state.lostSession === null
    ? only(state)
    : askInstead(state, { slot: 'resume', command: 'resume', args: { file: state.lostSession.path }, baseQuery: null });

export const onResumed = (state: AppState, result: Result): Step => {
  const resumed = fields(fields(result.data)['resumed']);
  const recording = textOrNull(resumed['recording']);
  const after = `resumed after ${steps(number(resumed['steps']))}`;
  const words =
    recording === null
      ? `${after}; it goes on in ${text(resumed['path'])}`
      : `${after}; recording goes on in ${recording}, R ends it`;
  const failed = textOrNull(resumed['unresumed']);
  return andThen(adoptAnswer({ ...state, lostSession: null, recording }, result), (s) =>
    only({ ...s, message: { text: failed ?? words, tone: failed === null ? 'plain' : 'bad' } }),
  );
};
