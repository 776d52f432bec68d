import type { Action } from './action.ts';
import { cover } from '../detail.ts';
import { openCopy } from '../copy.ts';
import { shownNow } from '../focused.ts';
import { openPalette, openPrompt } from '../prompt/open.ts';
import { only } from '../state.ts';

/** What helps to find, keep and hand on. */
export const replActions: readonly Action[] = [
  {
    id: 'palette',
    title: 'Everything that can be done, by name',
    short: 'palette',
    keys: ['ctrl-p'],
    where: ['main', 'finder'],
    footer: 51,
    run: (s) => openPalette(s, ''),
  },
  {
    id: 'transcript',
    title: 'Every command typed, with its answer',
    short: 'transcript',
    keys: [';'],
    where: ['main'],
    footer: 52,
    when: (s) => (s.transcript.length === 0 ? 'no command was typed yet: press : first' : true),
    run: (s) => only(cover(s, { kind: 'transcript', scroll: 100_000 })),
  },
  {
    id: 'copy',
    title: 'Copy: id, row, JSON, or the headless command',
    short: 'copy',
    keys: ['y'],
    where: ['main'],
    footer: 34,
    when: (s) => (s.query === null ? 'there is nothing to copy yet' : true),
    run: openCopy,
  },
  {
    id: 'export',
    title: 'Export what is shown as JSON, CSV or Markdown',
    short: 'export',
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
