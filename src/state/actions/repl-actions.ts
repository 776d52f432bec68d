import { t } from '../../base/texts.ts';
import type { ActionRecord } from './action.ts';
import { cover } from '../detail.ts';
import { openCopy } from '../copy.ts';
import { shownNow } from '../focused.ts';
import { openPalette, openPrompt } from '../prompt/open.ts';
import { needsList } from './needs.ts';
import { only } from '../state.ts';

/** Actions that find, keep and share. */
export const replActions: readonly ActionRecord[] = [
  {
    id: 'palette',
    title: () => t('All actions and commands, by name'),
    short: () => t('palette'),
    keys: ['ctrl-p'],
    where: ['main', 'finder'],
    footer: 51,
    run: (s) => openPalette(s, ''),
  },
  {
    id: 'transcript',
    title: () => t('Commands typed, with their answers'),
    short: () => t('transcript'),
    keys: [';'],
    where: ['main'],
    footer: 52,
    when: (s) => (s.transcript.length === 0 ? t('needs a command typed at :') : true),
    run: (s) => only(cover(s, { kind: 'transcript', scroll: 100_000 })),
  },
  {
    id: 'copy',
    title: () => t('Copy the id, the row, the JSON or the shell command'),
    short: () => t('copy'),
    keys: ['y'],
    where: ['main'],
    footer: 34,
    when: needsList,
    run: openCopy,
  },
  {
    id: 'export',
    title: () => t('Export the answer as JSON, CSV or Markdown'),
    short: () => t('export'),
    keys: ['E'],
    where: ['main'],
    footer: 37,
    when: (s) => {
      const found = shownNow(s);
      return typeof found === 'string' ? found : true;
    },
    run: (s) => openPrompt(s, 'export'),
  },
];
