import type { ServedAllData, ServedData } from '../../../answers/recall.ts';
import { t } from '../../../base/texts.ts';
import type { CauseCount } from '../../../domain/served/summary.ts';
import type { ServedCause, ServedRow } from '../../../domain/served/served.ts';
import { age, count, figure, instant, plural } from '../../text/figures.ts';
import { blank, span, type Line } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const causeText = (cause: ServedCause): string => {
  switch (cause.type) {
    case 'not-eligible-then':
      return t('not eligible then: {reason}', { reason: cause.reason });
    case 'not-eligible-now':
      return t('not eligible now: {reason}', { reason: cause.reason });
    case 'another-ef':
      return cause.from === cause.to
        ? t('another ef: ef {ef} gives the served list', { ef: cause.ef })
        : t('another ef: ef {from} to {to} give the served list', { from: cause.from, to: cause.to });
    case 'feature-age':
      return cause.context === 'then'
        ? t('features {age} old give the served list (as of {asOf})', {
            age: age(cause.ageMs),
            asOf: instant(cause.asOf),
          })
        : t('features {age} old give the served list (as of {asOf}, hour and weekday of the request)', {
            age: age(cause.ageMs),
            asOf: instant(cause.asOf),
          });
    case 'together':
      return joined(cause.causes, (all, last) => t('{all}, and {last}', { all, last }));
    case 'either':
      return t('either {causes}', {
        causes: joined(cause.causes, (all, last) => t('{all}, or {last}', { all, last })),
      });
    case 'unknown':
      return cause.newer === undefined
        ? t('unknown')
        : t('unknown; an artefact is newer than the request: {fact}', { fact: cause.newer });
  }
};

const joined = (causes: readonly ServedCause[], both: (all: string, last: string) => string): string =>
  causes.map(causeText).reduce(both);

const counts = (causes: readonly CauseCount[]): string =>
  causes.map(({ cause, ads }) => `${cause} ${count(ads)}`).join(' · ');

const mark = ({ served, recomputed }: ServedRow): string =>
  recomputed === null
    ? t('served only')
    : served === null
      ? t('recomputed only')
      : served === recomputed
        ? ''
        : t('moved');

const differs = ({ request, overlap, causes }: ServedData): string => {
  const shared = t(
    'The list served to {user} at {time} differs from the recomputed list: {ads} in both, Jaccard {jaccard}, RBO {rbo}.',
    {
      user: request.userId,
      time: instant(request.at),
      ads: plural(overlap.common, 'ad'),
      jaccard: figure(overlap.jaccard),
      rbo: figure(overlap.rbo),
    },
  );
  const byCause = counts(causes);
  return byCause === ''
    ? `${shared} ${t('Only the order differs.')}`
    : `${shared} ${t('Differences by cause: {causes}.', { causes: byCause })}`;
};

export const servedView = (data: ServedData, width: number): Line[] => [
  ...sentence(
    data.same
      ? t('The list served to {user} at {time} equals the recomputed list, ad by ad.', {
          user: data.request.userId,
          time: instant(data.request.at),
        })
      : differs(data),
    width,
    'bold',
  ),
  blank,
  ...table(
    [
      { title: t('served'), align: 'right', cell: (r: ServedRow) => (r.served === null ? '–' : String(r.served)) },
      { title: t('recomputed'), align: 'right', cell: (r) => (r.recomputed === null ? '–' : String(r.recomputed)) },
      { title: t('ad'), min: 8, cell: (r) => r.adId },
      { title: t('title'), min: 8, flex: 1, drop: 2, cell: (r) => r.title },
      { title: '', cell: (r) => span(mark(r), r.cause === null ? 'dim' : 'warn') },
      { title: t('cause'), min: 12, flex: 2, cell: (r) => (r.cause === null ? '' : causeText(r.cause)) },
    ],
    data.rows,
    width,
  ),
  ...unknowns(data.rows).flatMap((tried) => [blank, ...sentence(t('Unknown: {tried}.', { tried }), width, 'dim')]),
];

const unknowns = (rows: readonly ServedRow[]): string[] => [
  ...new Set(rows.flatMap(({ cause }) => (cause?.type === 'unknown' ? [cause.tried] : []))),
];

const shown = 20;
type UserRow = ServedAllData['users'][number];

export const servedAllView = (data: ServedAllData, width: number): Line[] => [
  ...sentence(
    t('{requests} of the serving log: {same} recomputed equal, ad by ad; mean Jaccard {jaccard}, mean RBO {rbo}.', {
      requests: plural(data.requests, 'request'),
      same: count(data.same),
      jaccard: figure(data.jaccard),
      rbo: figure(data.rbo),
    }),
    width,
    'bold',
  ),
  ...Object.entries(data.failed).flatMap(([reason, n]) =>
    sentence(t('Failed: {requests}: {reason}.', { requests: plural(n, 'request'), reason }), width, 'warn'),
  ),
  ...data.faulty.flatMap((line) => sentence(t('Passed over: {line}.', { line }), width, 'warn')),
  blank,
  ...table(
    [
      { title: t('cause'), cell: (c: CauseCount) => c.cause },
      { title: t('differences'), align: 'right', cell: (c) => count(c.ads) },
    ],
    data.causes,
    width,
  ),
  blank,
  ...table(
    [
      { title: t('user'), min: 8, cell: (u: UserRow) => u.userId },
      { title: t('time'), drop: 1, cell: (u) => instant(u.at) },
      { title: t('RBO'), align: 'right', cell: (u) => figure(u.rbo) },
      { title: t('differences'), align: 'right', cell: (u) => count(u.differences) },
      { title: t('causes'), flex: 1, min: 10, cell: (u) => counts(u.causes) },
    ],
    data.users.slice(0, shown),
    width,
  ),
];
