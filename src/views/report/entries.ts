import type { Report, ReportEntry } from '../../answers/report.ts';
import { t } from '../../base/texts.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { count, instant } from '../text/figures.ts';
import type { Style } from '../text/line.ts';
import { weightText } from '../text/weight.ts';
import { paragraph, type Section } from './blocks.ts';
import { sectionOf } from './sections.ts';

/** An answer and its pieces. */
export interface Told {
  readonly entry: ReportEntry;
  readonly section: Section;
}

const failedSection = (error: string): Section => ({ subject: '', lead: error, blocks: [] });

export const tell = (entry: ReportEntry): Told => {
  if (entry.result === null) return { entry, section: failedSection(entry.error ?? '') };
  const section = sectionOf(entry.result);
  const notices = (entry.result.notices ?? []).map((notice) => paragraph(notice, 'warn'));
  return { entry, section: { ...section, blocks: [...notices, ...section.blocks] } };
};

export const entryTitle = ({ command, step }: ReportEntry, { subject }: Section): string =>
  [
    ...(step === null ? [] : [t('Step {step}', { step })]),
    command,
    ...(subject.trim() === '' ? [] : [subject.trim()]),
  ].join(' · ');

const settingsText = ({ mode, k, ef, weights, context }: RecallQuery): string =>
  [
    mode,
    t('k {k}', { k }),
    t('ef {ef}', { ef }),
    ...Object.entries(weights).flatMap(([group, w]) => (w === 1 ? [] : [`${group} ${weightText(w)}`])),
    ...Object.entries(context).flatMap(([field, value]) => (value === '' ? [] : [`${field}=${value}`])),
  ].join(' · ');

/** Of whom it was asked, as of when, and with which settings. */
export const asked = ({ result }: ReportEntry): string[] => {
  const query = result?.query;
  if (query === undefined) return [];
  return [
    t('{user} · as of {asOf} · {settings}', {
      user: query.userId,
      asOf: instant(query.asOf),
      settings: settingsText(query),
    }),
  ];
};

export const statusText = ({ status, notes }: ReportEntry): { readonly text: string; readonly style: Style } | null => {
  const said = notes.join('; ');
  if (status === 'fail') return { style: 'bad', text: t('FAILED: {why}', { why: said }) };
  if (status === 'changed')
    return { style: 'warn', text: [t('The answer differs from the recording.'), said].join(' ').trim() };
  if (said !== '') return { style: 'dim', text: said };
  return status === 'pass' ? { style: 'good', text: t('As recorded.') } : null;
};

const short = (hash: string | null): string => (hash === null ? '–' : hash.slice(0, 16));

/** Name and value of everything that the answers were computed from. */
export const aboutRows = ({ workspace, tool, masked, differing }: Report): Array<readonly [string, string]> => [
  ...(workspace === null
    ? []
    : [
        [t('workspace'), workspace.name] as const,
        [
          t('sample'),
          t('{users} users, {ads} ads, {events} events', {
            users: count(workspace.users),
            ads: count(workspace.ads),
            events: count(workspace.events),
          }),
        ] as const,
        ...Object.entries(workspace.fingerprints).map(([name, hash]) => [`sha256 ${name}`, short(hash)] as const),
        [t('backend'), workspace.backend ?? '–'] as const,
      ]),
  ...differing.map(
    ({ unit, recorded, present }) =>
      [t('changed since the recording'), `${unit}: ${short(recorded)} → ${short(present)}`] as const,
  ),
  [t('tool'), tool],
  [
    t('names'),
    masked
      ? t(
          'Users, events and searched text stand under the names that a session gives them; on this workspace a command takes such a name of a user.',
        )
      : t('Users, events and searched text stand as they are: keep this file as you keep the sample.'),
  ],
];
