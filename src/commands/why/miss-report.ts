import { percent } from '../../base/percent.ts';
import { grid, iso, markdownText, number } from '../../base/markdown.ts';
import type { MissesData, MissSide } from '../../answers/misses.ts';
import type { MissPart } from '../../domain/miss-parts.ts';
import type { Interval } from '../../domain/significance.ts';

const share = (value: number): string => percent(value, { decimals: 1 });
const shares = ({ low, high }: Interval): string => `${share(low)} … ${share(high)}`;
const figures = ({ low, high }: Interval): string => `${number(low)} … ${number(high)}`;
const named = ({ reason, detail }: { reason: string; detail: string | null }): string =>
  detail === null ? reason : `${reason} (${detail})`;

const reasonsOf = ({ reasons }: MissSide): string[] =>
  grid(
    ['reason', 'stage', 'pairs', 'users', 'share', '95 %'],
    reasons.map((one) => [
      named(one),
      one.stage,
      String(one.pairs),
      String(one.users),
      share(one.share),
      shares(one.ci95),
    ]),
  );

const ceilingsOf = ({ ceilings, query }: MissSide): string[] =>
  grid(
    ['list', `recall@${query.k}`, '95 %', 'gain', '95 %', 'pairs'],
    ceilings.map(({ name, recall, ci95, gain, gainCi95, pairs }) => [
      name,
      number(recall),
      figures(ci95),
      number(gain),
      figures(gainCi95),
      String(pairs),
    ]),
  );

const curvesOf = ({ curves }: MissSide): string[] =>
  grid(
    ['k', ...curves.map(({ name }) => name)],
    (curves[0]?.points ?? []).map(({ k }, i) => [
      String(k),
      ...curves.map(({ points }) => number(points[i]?.recall ?? null)),
    ]),
  );

const partsOf = (parts: readonly MissPart[]): string[] =>
  grid(
    ['by', 'value', 'users', 'pairs', 'in the list', '95 %', 'lost by'],
    parts.map(({ field, value, users, pairs, share: own, ci95, reasons }) => [
      markdownText(field),
      markdownText(value),
      String(users),
      String(pairs),
      share(own),
      shares(ci95),
      reasons.map((one) => `${named(one)} ${one.pairs}`).join(', '),
    ]),
  );

const sideOf = (side: MissSide): string[] => [
  `${side.recalled} of ${side.pairs} engaged ads of ${side.users} users are in the list: ${share(side.share)} (${shares(side.shareCi95)}); recall@${side.query.k}, mean over users, ${number(side.recall)} (${figures(side.recallCi95)}).`,
  '',
  `Workspace ${markdownText(side.name)}, mode ${side.query.mode}, k ${side.query.k}, ef ${side.query.ef}, as-of ${side.asOf === null ? 'each user’s own' : iso(side.asOf)}.`,
  '',
  ...reasonsOf(side),
  '',
  '## What is to be gained',
  '',
  ...ceilingsOf(side),
  '',
  ...curvesOf(side),
];

const movesOf = ({ moves }: MissesData): string[] =>
  moves === null
    ? []
    : [
        '## Moves from a to b',
        '',
        `${moves.pairs} pairs on both sides, ${moves.same} with the same reason.`,
        '',
        ...grid(
          ['from', 'to', 'pairs', 'users'],
          moves.moves.map(({ from, to, pairs, users }) => [named(from), named(to), String(pairs), String(users)]),
        ),
        '',
      ];

/** The whole answer as Markdown; no id of a user or an ad stands in it. */
export const missesMarkdown = (data: MissesData): string =>
  [
    '# Misses',
    '',
    ...(data.a === null ? [] : ['## Side a', '', ...sideOf(data.a), '', '## Side b', '']),
    ...sideOf(data),
    '',
    ...movesOf(data),
    '## Parts',
    '',
    ...partsOf(data.parts),
    '',
    `Users: ${data.sample.sampled} of ${data.sample.of}, seed ${data.sample.seed}; ${data.sample.without} without an engaged ad after as-of, ${data.failed} could not be answered. Intervals: bootstrap over users.`,
    '',
  ].join('\n');
