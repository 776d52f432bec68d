import { RecallError } from '../../errors.ts';
import type { SessionControl } from '../../console/session-control.ts';
import { listArg } from '../../console/arg-values.ts';
import type { Command, CommandContext } from '../../console/command.ts';

/** The session being recorded. Throws `usage` where there is none. */
export const currentSession = (
  context: CommandContext,
): Omit<SessionControl, 'path'> & { readonly path: () => string } => {
  const session = context.session;
  const path = session?.path() ?? session?.autosaved?.() ?? null;
  if (session === undefined || path === null)
    throw new RecallError('usage', 'no session is being recorded', {
      todo: 'start one: `record FILE` (R in the screen), or `recall-tui exec SCRIPT --record FILE`',
    });
  return { ...session, path: () => path };
};

export const noteCommand: Command<'note'> = {
  id: 'note',
  title: 'Write a note into the session',
  doc: 'Writes a note to the last step of the session being recorded or, before the first step, to the session itself. Notes are not encrypted: keep names of people out of them.',
  family: 'session',
  needs: 'nothing',
  args: [
    { name: 'text', type: 'string', personal: 'words', position: 0, repeat: true, required: true, doc: 'The note.' },
  ],
  examples: ['note the smart speaker must come from browsing'],
  run: async (context, args) => {
    const session = currentSession(context);
    const text = listArg(args, 'text').join(' ');
    await session.note(text);
    return { schema: 'note', data: { note: text, session: session.path() } };
  },
};
