import type { Result } from '../../answers/answers.ts';
import { askRecall } from '../ask.ts';
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
  switch (result.schema) {
    case 'note':
      return only(said(state, `noted in ${result.data.session}`));
    case 'expect':
      return only(said(state, `step ${result.data.step} must keep ${result.data.claim}: ${result.data.session}`));
    case 'record': {
      const { session, recording, steps: recorded } = result.data;
      return recording
        ? askRecall(said({ ...state, recording: session }, `recording to ${session ?? ''}; R ends it`), state.mode)
        : only(said({ ...state, recording: null }, `recorded ${steps(recorded)}: ${session ?? ''}`));
    }
    default:
      return only(state);
  }
};

/** Goes on where a session was cut off: its user, query and mode, in its file. */
export const resumeLostSession = (state: AppState): Step =>
  state.lostSession === null
    ? only(state)
    : askInstead(state, { slot: 'resume', command: 'resume', args: { file: state.lostSession.path }, baseQuery: null });

export const onResumed = (state: AppState, result: Result): Step => {
  const resumed = result.schema === 'recall' ? result.data.resumed : undefined;
  if (resumed === undefined) return only(state);
  const { recording, unresumed } = resumed;
  const after = `resumed after ${steps(resumed.steps)}`;
  const words =
    recording === null
      ? `${after}; it goes on in ${resumed.path}`
      : `${after}; recording goes on in ${recording}, R ends it`;
  return andThen(adoptAnswer({ ...state, lostSession: null, recording }, result), (s) =>
    only({ ...s, message: { text: unresumed ?? words, tone: unresumed === undefined ? 'plain' : 'bad' } }),
  );
};
