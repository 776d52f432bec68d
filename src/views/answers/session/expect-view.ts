import type { ExpectData } from '../../../answers/session.ts';
import { t } from '../../../base/texts.ts';
import type { Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

/** What every replay will check. */
export const expectView = ({ step, claim, session }: ExpectData, width: number): Line[] => [
  ...sentence(t('Step {step} now expects: {claim}.', { step, claim }), width, 'bold'),
  ...sentence(t('Pinned in {session}.', { session }), width, 'dim'),
];
