import type { SessionRow, SessionsData } from '../../../answers/session.ts';
import { t } from '../../../base/texts.ts';
import { count, plural } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { and, sentence } from '../../text/sentences.ts';
import { table } from '../../text/table.ts';

/** The recordings by file, then those whose program ended without closing them. */
export const sessionsView = (
  { sessions, folders, lost }: SessionsData,
  width: number,
  _options: ViewOptions = {},
): Line[] =>
  fitLines(
    [
      ...sentence(
        sessions.length === 0
          ? t('No session in {folders}.', { folders: and(folders) })
          : t('{sessions} in {folders}.', {
              sessions: plural(sessions.length, 'session'),
              folders: plural(folders.length, 'folder'),
            }),
        width,
        'bold',
      ),
      ...(sessions.length === 0
        ? []
        : table(
            [
              { title: t('session'), min: 12, flex: 2, cell: (s: SessionRow) => s.path },
              { title: t('steps'), align: 'right', cell: (s) => (s.problem === null ? count(s.steps) : '') },
              { title: t('expects'), align: 'right', cell: (s) => (s.problem === null ? count(s.expectations) : '') },
              { title: t('commands'), max: 24, drop: 2, cell: (s) => s.commands.join(' ') },
              {
                title: t('note'),
                min: 8,
                flex: 1,
                drop: 1,
                cell: (s) => (s.problem === null ? s.note : span(s.problem, 'bad')),
              },
            ],
            sessions,
            width,
          )),
      ...lost.flatMap((path) => sentence(t('Cut off (continue with resume): {path}', { path }), width, 'warn')),
    ],
    width,
  );
