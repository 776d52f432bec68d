import type { ExpectData } from '../../../answers/session.ts';
import type { Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

/** What every replay will check. */
export const expectView = ({ step, claim, session }: ExpectData, width: number): Line[] => [
  ...sentence(`Step ${step} must keep ${claim}.`, width, 'bold'),
  ...sentence(`Pinned in ${session}.`, width, 'dim'),
];
