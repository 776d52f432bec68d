import { t, tn } from '../../base/texts.ts';
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

const said = (state: AppState, content: string): AppState => ({ ...state, message: { text: content, tone: 'plain' } });

/** `session.jsonl` → `session-2.jsonl` → `session-3.jsonl` */
const nextName = (name: string): string => {
  const [, stem = name, number = '1'] = /^(.*?)(?:-(\d+))?\.jsonl$/u.exec(name) ?? [];
  return `${stem}-${Number(number) + 1}.jsonl`;
};

/** The name that is offered for a recording is used up by one. */
const withNextName = (state: AppState, recorded: string | null): AppState => {
  const { workspace } = state;
  if (workspace === null || workspace.sessionFile === undefined || workspace.sessionFile !== recorded) return state;
  return { ...state, workspace: { ...workspace, sessionFile: nextName(recorded) } };
};

/** The recording began, ended, or took a note. Its first step is the list as it stands. */
export const onSession = (state: AppState, result: Result): Step => {
  switch (result.schema) {
    case 'note':
      return only(said(state, t('note added to {file}', { file: result.data.session })));
    case 'expect':
      return only(
        said(
          state,
          t('Step {step} now expects {claim} ({file})', {
            step: result.data.step,
            claim: result.data.claim,
            file: result.data.session,
          }),
        ),
      );
    case 'record': {
      const { session, recording, steps: recorded } = result.data;
      return recording
        ? askRecall(
            said(
              withNextName({ ...state, recording: session }, session),
              t('recording to {file}; R ends it', { file: session ?? '' }),
            ),
            state.mode,
          )
        : only(
            said(
              { ...state, recording: null },
              tn(recorded, '{n} step recorded: {file}', '{n} steps recorded: {file}', { file: session ?? '' }),
            ),
          );
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
  const words =
    recording === null
      ? tn(
          resumed.steps,
          'resumed after {n} step; autosaved to {file}',
          'resumed after {n} steps; autosaved to {file}',
          {
            file: resumed.path,
          },
        )
      : tn(
          resumed.steps,
          'resumed after {n} step; recording to {file}, R ends it',
          'resumed after {n} steps; recording to {file}, R ends it',
          { file: recording },
        );
  return andThen(adoptAnswer({ ...state, lostSession: null, recording }, result), (s) =>
    only({ ...s, message: { text: unresumed ?? words, tone: unresumed === undefined ? 'plain' : 'bad' } }),
  );
};
