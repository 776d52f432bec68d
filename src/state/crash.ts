import { t } from '../base/texts.ts';
import type { PlainError } from '../errors.ts';
import { askLists } from './ask.ts';
import type { WorkspaceInfo } from './protocol.ts';
import { askOpen, giveUpAll } from './requests.ts';
import { andThen, only, type AppState, type Step } from './state.ts';

/** The host ended: what was asked is given up, what is on the screen stays. */
export const onGone = (state: AppState, error: PlainError): Step =>
  andThen(giveUpAll(state), (s) => only({ ...s, fatal: error, progress: null }));

/** Keys while the host is gone: nothing can be asked, so that only these two are left. */
export const crashKey = (state: AppState, key: string): Step => {
  if (key === 'q' || key === 'ctrl-c') return [{ ...state, exit: 0 }, [{ type: 'exit', code: 0 }]];
  if (key !== 'enter') return only(state);
  // The file of a recording has each step that was answered; the new host knows nothing of it.
  const dir = state.workspace?.dir ?? state.dir;
  return andThen(askOpen({ ...state, dir, fatal: null, recording: null, player: null }), (s) =>
    only({ ...s, dir: state.dir }),
  );
};

/** The workspace is open again: the screen goes on where it was, and its lists are asked anew. */
export const onReopened = (state: AppState, workspace: WorkspaceInfo): Step =>
  askLists({ ...state, workspace, message: { text: t('reopened'), tone: 'plain' } });
