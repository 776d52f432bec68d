import { t } from '../../../base/texts.ts';
import type { ServedAllData, ServedData } from '../../../answers/recall.ts';
import type { CauseCount } from '../../../domain/served/summary.ts';
import type { ServedCause, ServedRow } from '../../../domain/served/served.ts';
import { age, count, figure, instant, plural } from '../../text/figures.ts';
import { blank, span, type Line } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const causeText = (cause: ServedCause): string => {
  switch (cause.type) {
    case 'not-eligible-then':
      return `not eligible then: ${cause.reason}`;
    case 'not-eligible-now':
      return `not eligible now: ${cause.reason}`;
    case 'another-ef':
      return cause.from === cause.to
        ? t('another ef: {ef} gives the served list', { ef: cause.ef })
        : t('another ef: {from} to {to} give the served list', { from: cause.from, to: cause.to });
    case 'feature-age':
      return `features ${age(cause.ageMs)} old give the served list (as of ${instant(cause.asOf)}${cause.context === 'then' ? '' : ', hour and weekday of the request'})`;
    case 'together':
      return cause.causes.map(causeText).join(', and ');
    case 'either':
      return `either ${cause.causes.map(causeText).join(', or ')}`;
    case 'unknown':
      return cause.newer === undefined
        ? t('unknown')
        : t('unknown; an artefact is newer than the request: {fact}', { fact: cause.newer });
  }
};

const counts = (causes: readonly CauseCount[]): string =>
  causes.map(({ cause, ads }) => `${cause} ${count(ads)}`).join(' · ');

const mark = ({ served, recomputed }: ServedRow): string =>
  recomputed === null ? 'served only' : served === null ? 'here only' : served === recomputed ? '' : 'moved';

export const servedView = (data: ServedData, width: number): Line[] => [
  ...sentence(
    data.same
      ? `The list served to ${data.request.userId} at ${instant(data.request.at)} is the one recomputed here, ad by ad.`
      : `Served to ${data.request.userId} at ${instant(data.request.at)} and recomputed: ${plural(data.overlap.common, 'ad')} in both, Jaccard ${figure(data.overlap.jaccard)}, RBO ${figure(data.overlap.rbo)}. Differences by cause: ${counts(data.causes) || 'none, only the order'}.`,
    width,
    'bold',
  ),
  blank,
  ...table(
    [
      { title: 'served', align: 'right', cell: (r: ServedRow) => (r.served === null ? '–' : String(r.served)) },
      { title: 'here', align: 'right', cell: (r) => (r.recomputed === null ? '–' : String(r.recomputed)) },
      { title: 'ad', min: 8, cell: (r) => r.adId },
      { title: 'title', min: 8, flex: 1, drop: 2, cell: (r) => r.title },
      { title: '', cell: (r) => span(mark(r), r.cause === null ? 'dim' : 'warn') },
      { title: 'cause', min: 12, flex: 2, cell: (r) => (r.cause === null ? '' : causeText(r.cause)) },
    ],
    data.rows,
    width,
  ),
  ...unknowns(data.rows).flatMap((tried) => [blank, ...sentence(`Unknown: ${tried}.`, width, 'dim')]),
];

const unknowns = (rows: readonly ServedRow[]): string[] => [
  ...new Set(rows.flatMap(({ cause }) => (cause?.type === 'unknown' ? [cause.tried] : []))),
];

const shown = 20;
type UserRow = ServedAllData['users'][number];

export const servedAllView = (data: ServedAllData, width: number): Line[] => [
  ...sentence(
    `${plural(data.requests, 'request')} of the serving log: ${count(data.same)} recomputed ad by ad; mean Jaccard ${figure(data.jaccard)}, mean RBO ${figure(data.rbo)}.`,
    width,
    'bold',
  ),
  ...Object.entries(data.failed).flatMap(([reason, n]) =>
    sentence(`${plural(n, 'request')} could not be asked: ${reason}.`, width, 'warn'),
  ),
  blank,
  ...table(
    [
      { title: 'cause', cell: (c: CauseCount) => c.cause },
      { title: 'differences', align: 'right', cell: (c) => count(c.ads) },
    ],
    data.causes,
    width,
  ),
  blank,
  ...table(
    [
      { title: 'user', min: 8, cell: (u: UserRow) => u.userId },
      { title: 'time', drop: 1, cell: (u) => instant(u.at) },
      { title: 'RBO', align: 'right', cell: (u) => figure(u.rbo) },
      { title: 'differences', align: 'right', cell: (u) => count(u.differences) },
      { title: 'causes', flex: 1, min: 10, cell: (u) => counts(u.causes) },
    ],
    data.users.slice(0, shown),
    width,
  ),
];
