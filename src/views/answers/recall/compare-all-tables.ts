import type { TitledHub, TitledHubs } from '../../../answers/compare-all.ts';
import { t } from '../../../base/texts.ts';
import type { LosingGroup } from '../../../domain/compare-all/subgroups.ts';
import type { JudgedMetric } from '../../../domain/compare-all/metrics.ts';
import type { SegmentComparison } from '../../../domain/compare-all/segments.ts';
import type { ContrastedUser } from '../../../domain/compare-all/shape.ts';
import type { Interval } from '../../../domain/significance.ts';
import { count, figure, percent, plural } from '../../text/figures.ts';
import { blank, span, type Line, type Span } from '../../text/line.ts';
import { table } from '../../text/table.ts';

const between = (ci: Interval | null): string =>
  ci === null ? '–' : `${figure(ci.low, 4, true)} … ${figure(ci.high, 4, true)}`;
const lift = (value: number | null): string => (value === null ? '–' : `${value > 0 ? '+' : ''}${percent(value)}`);
const chance = (p: number | null): string => (p === null ? '–' : p < 0.001 ? '< .001' : figure(p, 3));

/** A flagged delta is marked by a star as well as by colour. */
const delta = ({ delta: value, flagged }: JudgedMetric): Span =>
  span(
    `${figure(value, 4, true)}${flagged ? ' *' : ''}`,
    !flagged || value === null ? 'dim' : value > 0 ? 'good' : 'bad',
  );

export const metricTable = (
  metrics: readonly JudgedMetric[],
  [a, b]: readonly [string, string],
  width: number,
): Line[] =>
  table<JudgedMetric>(
    [
      { title: t('metric'), cell: (m) => m.name },
      { title: a, align: 'right', cell: (m) => figure(m.a) },
      { title: b, align: 'right', cell: (m) => figure(m.b) },
      { title: t('delta'), align: 'right', cell: delta },
      { title: '95 %', align: 'right', drop: 2, cell: (m) => between(m.ci95) },
      { title: t('lift'), align: 'right', drop: 3, cell: (m) => lift(m.lift) },
      { title: 'p', align: 'right', drop: 4, cell: (m) => chance(m.p) },
      { title: t('Holm'), align: 'right', drop: 1, cell: (m) => chance(m.pHolm) },
      { title: t('users'), align: 'right', drop: 5, cell: (m) => count(m.users) },
    ],
    metrics,
    width,
  );

export const segmentTable = (
  segments: readonly SegmentComparison[],
  [a, b]: readonly [string, string],
  width: number,
): Line[] =>
  table<SegmentComparison>(
    [
      { title: t('segment'), min: 10, flex: 1, cell: (s) => `${s.field}=${s.value}` },
      { title: t('users'), align: 'right', drop: 3, cell: (s) => count(s.members) },
      { title: t('engaged'), align: 'right', drop: 4, cell: (s) => count(s.users) },
      { title: a, align: 'right', cell: (s) => figure(s.a) },
      { title: b, align: 'right', cell: (s) => figure(s.b) },
      { title: t('delta'), align: 'right', cell: delta },
      { title: '95 %', align: 'right', drop: 2, cell: (s) => between(s.ci95) },
      { title: t('Holm'), align: 'right', drop: 1, cell: (s) => chance(s.pHolm) },
    ],
    segments,
    width,
  );

/** Found on half of the users, tested on the other half. */
export const losingTable = (groups: readonly LosingGroup[], width: number): Line[] =>
  groups.length === 0
    ? []
    : table<LosingGroup>(
        [
          {
            title: t('subgroup'),
            min: 10,
            flex: 1,
            cell: (g) => g.conditions.map(([field, value]) => `${field}=${value}`).join(' & '),
          },
          { title: t('users'), align: 'right', drop: 2, cell: (g) => count(g.users) },
          { title: t('losing'), align: 'right', drop: 3, cell: (g) => count(g.losers) },
          { title: t('lift'), align: 'right', cell: (g) => figure(g.lift, 2) },
          {
            title: t('delta'),
            align: 'right',
            cell: (g) => span(`${figure(g.delta, 4, true)}${g.flagged ? ' *' : ''}`, g.flagged ? 'bad' : 'dim'),
          },
          { title: t('Holm'), align: 'right', drop: 1, cell: (g) => chance(g.pHolm) },
        ],
        groups,
        width,
      );

export const userTable = (users: readonly ContrastedUser[], width: number): Line[] =>
  table<ContrastedUser>(
    [
      { title: t('user'), min: 8, flex: 1, cell: (u) => u.userId },
      { title: t('RBO'), align: 'right', cell: (u) => figure(u.rbo, 3) },
      {
        title: t('recall'),
        align: 'right',
        cell: (u) =>
          span(figure(u.delta, 4, true), u.delta === null || u.delta === 0 ? 'dim' : u.delta > 0 ? 'good' : 'bad'),
      },
    ],
    users,
    width,
  );

export const hubTable = (name: string, { top, shareOfTop, distinct, places }: TitledHubs, width: number): Line[] => [
  blank,
  [
    span(t('Hub ads: {side}', { side: name }), 'bold'),
    span(
      `  ${t('{ads} fill {positions}; the first {top} fill {share}', {
        ads: plural(distinct, 'ad'),
        positions: plural(places, 'position'),
        top: top.length,
        share: percent(shareOfTop),
      })}`,
      'dim',
    ),
  ],
  ...table<TitledHub>(
    [
      { title: t('share'), align: 'right', cell: (h) => percent(h.share) },
      { title: t('lists'), align: 'right', cell: (h) => count(h.lists) },
      { title: t('ad'), min: 10, flex: 1, cell: (h) => (h.title === '' ? h.adId : h.title) },
      { title: t('id'), drop: 2, cell: (h) => span(h.adId, 'dim') },
      {
        title: t('via'),
        drop: 1,
        cell: (h) =>
          Object.entries(h.channels)
            .map(([channel, n]) => `${channel} ${count(n)}`)
            .join(' · '),
      },
    ],
    top,
    width,
  ),
];
