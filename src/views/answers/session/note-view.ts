import type { NoteData } from '../../../answers/session.ts';
import { t } from '../../../base/texts.ts';
import type { Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

/** The note, and the session that holds it. */
export const noteView = ({ note, session }: NoteData, width: number): Line[] => [
  ...sentence(t('Note written to {session}:', { session }), width, 'bold'),
  ...sentence(note, width),
];
