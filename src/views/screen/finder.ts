import { t } from '../../base/texts.ts';
import { selectedLine, windowStart } from './box.ts';
import type { AppState } from '../../state/state.ts';
import type { UserRow } from '../../answers/look.ts';
import { count, figure, plural, utc } from '../text/figures.ts';
import { cellWidth } from '../text/cells.ts';
import { span, text, type Line } from '../text/line.ts';
import { phrase } from '../text/phrase.ts';
import { sentence } from '../text/sentences.ts';
import { inputLine } from './prompt.ts';
import { table } from '../text/table.ts';
import { keyName } from './footer.ts';
import { errorLines } from './error.ts';
import { progressLines } from './progress.ts';
import { disagreementText } from '../answers/look/users-view.ts';
import { comparesUsers } from '../../state/ask.ts';

const attributes = (user: UserRow): string =>
  Object.entries(user.attributes)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ');

const rows = (state: AppState, width: number, height: number): Line[] => {
  const { finder } = state;
  const { users, selected } = finder;
  const at = Math.max(
    0,
    users.findIndex((u) => u.userId === selected),
  );
  const from = windowStart(at, users.length, height - 1);
  const shown = users.slice(from, from + height - 1);
  const lines = table<UserRow>(
    [
      {
        title: `  ${t('user')}`,
        cell: (u) =>
          `${u.userId === selected ? '▸' : ' '} ${u.userId}${state.bookmarks.includes(u.userId) ? ' *' : ''}`,
        flex: 1,
        min: 10,
      },
      ...(finder.disagreement === null
        ? []
        : [{ title: t('1 − RBO'), align: 'right' as const, cell: (u: UserRow) => figure(u.difference ?? null, 3) }]),
      { title: t('events'), align: 'right', cell: (u) => count(u.events) },
      { title: t('last'), cell: (u) => utc(u.lastAt), drop: 2 },
      { title: t('attributes'), cell: attributes, flex: 3, min: 8, drop: 1 },
    ],
    shown,
    width,
  );
  return lines.map((line, i) => (i > 0 && shown[i - 1]?.userId === selected ? selectedLine(line, width) : line));
};

const body = (state: AppState, width: number, height: number, ascii: boolean): Line[] => {
  const { finder } = state;
  if (finder.error !== null) return errorLines(finder.error, width);
  if (comparesUsers(state))
    return [
      ...(state.progress === null
        ? [text(t('comparing the lists of legacy and model…'))]
        : progressLines(state.progress, width, ascii)),
      [],
      text(t('Esc cancels.'), 'dim'),
    ];
  if (finder.users.length > 0) return rows(state, width, height);
  if (state.requests.slots['users'] !== undefined) return [text(t('searching…'), 'dim')];
  // The users are still those of the line before the fault: nothing was sought with it.
  if (finder.issue !== null) return [];
  return [
    text(t('No user matches "{words}".', { words: finder.input.value })),
    ...sentence(
      t(
        'Words are searched in ids and attribute values. Conditions such as bought: must all hold before as-of. ctrl-u clears the line and shows all users.',
      ),
      width,
      'dim',
    ),
  ];
};

/** Below the line: what is wrong with it, what the users are ordered by, or what can be asked. */
const hint = ({ finder: { issue, disagreement }, workspace, bookmarks }: AppState, width: number): Line[] => {
  if (issue !== null) return sentence(`! ${issue}`, width, 'bad');
  if (disagreement !== null) return sentence(disagreementText(disagreement), width, 'dim');
  const examples = workspace?.examples ?? [];
  return sentence(
    [
      examples.length === 0
        ? t('words of an id or attribute')
        : t('e.g. {examples}', { examples: examples.join(' · ') }),
      ...(bookmarks.length === 0 ? [] : ['is:bookmarked']),
      'by:disagreement',
    ].join(' · '),
    width,
    'dim',
  );
};

/** The session that was cut off, and the key that resumes it. */
const lostLine = ({ at, steps, recording }: NonNullable<AppState['lostSession']>): Line => {
  const places = { key: span(keyName('ctrl-r'), 'accent'), time: utc(at), steps: plural(steps, 'step') };
  return recording === undefined
    ? phrase('{key} resumes the session of {time} that was cut off ({steps})', places, 'warn')
    : phrase(
        '{key} resumes the session of {time} that was cut off ({steps}), recorded to {file}',
        { ...places, file: recording.slice(recording.lastIndexOf('/') + 1) },
        'warn',
      );
};

/** The first screen: find a user by typing. */
export const finderPage = (state: AppState, width: number, height: number, ascii: boolean): readonly Line[] => {
  const { workspace } = state;
  const inner = width - 2;
  const find = ` ${t('find')} `;
  const head: Line[] = [
    [],
    [
      span(` ${t('Choose a user')}`, 'bold'),
      span(
        workspace === null
          ? ''
          : `   ${plural(workspace.users, 'user')} · ${plural(workspace.ads, 'ad')} · ${plural(workspace.events, 'event')}`,
        'dim',
      ),
    ],
    [],
    [span(find, 'accent'), ...inputLine(state.finder.input, inner - cellWidth(find))],
    ...hint(state, inner).map((line): Line => [span(' '), ...line]),
  ];
  const notices = (workspace?.notices ?? []).slice(0, 2).map((n) => text(` ! ${n}`, 'warn'));
  const lost = state.lostSession === null ? [] : [[span(' '), ...lostLine(state.lostSession)]];
  const room = height - head.length - notices.length - lost.length;
  return [...head, ...lost, ...notices, ...body(state, inner, room, ascii).map((line): Line => [span(' '), ...line])];
};
