import { percent } from '../../base/percent.ts';
import { controls } from '../../base/unsafe-text.ts';
import { shellWord } from '../../base/shell.ts';
import type { CompareAllData, TitledHubs } from '../../answers/compare-all.ts';
import type { LosingGroup } from '../../domain/compare-all/subgroups.ts';
import type { NoiseFloor } from '../../domain/compare-all/noise.ts';
import { level } from '../../domain/compare-all/metrics.ts';
import type { Interval } from '../../domain/significance.ts';
import { grid, iso, number, markdownText } from '../../base/markdown.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { ArgValues } from '../../console/command.ts';

const change = (value: number | null): string => (value === null ? '–' : percent(value, { decimals: 1, plus: true }));
const interval = (ci: Interval | null, show: (x: number | null) => string): string =>
  ci === null ? '–' : `${show(ci.low)} … ${show(ci.high)}`;
/** A code block whose fence no text inside can close. */
const fenced = (text: string): string[] => {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [`${fence}sh`, text.replace(controls, ' '), fence];
};

const about = ({ report: r, sampled, of, measured, failed }: CompareAllData): string[] =>
  grid(
    ['', ''],
    [
      ['workspace', `${markdownText(r.workspace)}: ${r.users} users, ${r.ads} ads`],
      ['sample', `\`${r.fingerprints['sample'] ?? '–'}\``],
      [
        'model',
        r.model === null
          ? 'none'
          : `\`${r.fingerprints['model'] ?? '–'}\`, dim ${r.model.dim}, built until ${iso(r.model.builtUntil)}, backend ${r.backend ?? '–'}`,
      ],
      [
        'index',
        r.index === null
          ? 'none'
          : `\`${r.fingerprints['index'] ?? '–'}\`, ${r.index.space}, M ${r.index.m ?? '–'}, efConstruction ${r.index.efConstruction ?? '–'}, seed ${r.index.seed ?? '–'}`,
      ],
      ['as-of', r.asOf === null ? 'each user’s last event + 1 ms' : iso(r.asOf)],
      ['horizon', r.horizonMs === null ? 'all later engagements' : `${r.horizonMs / 86_400_000} d`],
      ['k, ef, seed', `${r.k}, ${r.ef}, ${r.seed}`],
      [
        'users',
        `${sampled} of ${of}; ${measured} engaged with an ad after as-of and count for recall, hit rate, NDCG and MRR; ${failed} could not be answered`,
      ],
      ...(r.leaks.length === 0
        ? []
        : [
            [
              'LEAK',
              r.leaks
                .map((leak) => `${leak.artefact} has seen data until ${iso(leak.builtUntil)} (${leak.users} users)`)
                .join('; '),
            ],
          ]),
    ],
  );

const hubs = (name: string, { top, shareOfTop, distinct, places }: TitledHubs): string[] => [
  '',
  `### Hub ads: ${markdownText(name)}`,
  '',
  `${distinct} ads fill ${places} places; the ${top.length} below fill ${percent(shareOfTop, { decimals: 1 })} of them.`,
  '',
  ...grid(
    ['ad', 'title', 'lists', 'share', 'by channel'],
    top.map((hub) => [
      markdownText(hub.adId),
      markdownText(hub.title),
      String(hub.lists),
      percent(hub.share, { decimals: 2 }),
      Object.entries(hub.channels)
        .map(([channel, n]) => `${channel} ${n}`)
        .join(', '),
    ]),
  ),
];

const losing = (name: string, groups: readonly LosingGroup[]): string[] =>
  groups.length === 0
    ? []
    : [
        '',
        `## Users on whom ${markdownText(name)} loses`,
        '',
        'Subgroups of at most two facts, found on half of the users and tested by sign flips on the other half, Holm over the groups.',
        '',
        ...grid(
          ['who', 'users', 'losing', 'lift', 'delta', 'p (Holm)', 'flagged'],
          groups.map((g) => [
            markdownText(g.conditions.map(([field, value]) => `${field}=${value}`).join(' and ')),
            String(g.users),
            String(g.losers),
            number(g.lift, 2),
            number(g.delta),
            number(g.pHolm),
            g.flagged ? 'yes' : '',
          ]),
        ),
      ];

const spread = (title: string, floor: NoiseFloor | null): string[] =>
  floor === null
    ? []
    : [
        '',
        `## ${title}`,
        '',
        `Over ${floor.rebuilds}: RBO of a list with its own ${number(floor.rbo.mean, 3)} (least ${number(floor.rbo.min, 3)}).`,
        '',
        ...grid(
          ['metric', 'spread'],
          floor.metrics.map((m) => [m.name, number(m.spread)]),
        ),
      ];

/** The whole report as Markdown. */
export const compareAllMarkdown = (data: CompareAllData): string => {
  const {
    sides: { a, b },
    metrics,
    segments,
    curve,
    users,
    report,
  } = data;
  return [
    `# ${markdownText(a)} against ${markdownText(b)}`,
    '',
    ...about(data),
    '',
    ...fenced(report.command),
    '',
    '## Metrics',
    '',
    `Paired bootstrap over users (${report.resamples} resamples), sign-flip test, Holm over the metrics; flagged below ${level}.`,
    '',
    ...grid(
      [
        'metric',
        'users',
        markdownText(a),
        markdownText(b),
        'delta',
        '95 %',
        'lift',
        '95 %',
        'p',
        'p (Holm)',
        'flagged',
      ],
      metrics.map((m) => [
        m.name,
        String(m.users),
        number(m.a),
        number(m.b),
        number(m.delta),
        interval(m.ci95, number),
        change(m.lift),
        interval(m.liftCi95, change),
        number(m.p),
        number(m.pHolm),
        m.flagged ? 'yes' : '',
      ]),
    ),
    '',
    ...spread('Noise of the index: other seeds and insert orders', data.noise),
    ...spread('Spread of the model: trained with other seeds', data.modelNoise),
    '',
    '## Segments',
    '',
    ...grid(
      ['segment', 'users', 'measured', markdownText(a), markdownText(b), 'delta', '95 %', 'p (Holm)', 'flagged'],
      segments.map((s) => [
        markdownText(`${s.field}=${s.value}`),
        String(s.members),
        String(s.users),
        number(s.a),
        number(s.b),
        number(s.delta),
        interval(s.ci95, number),
        number(s.pHolm),
        s.flagged ? 'yes' : '',
      ]),
    ),
    '',
    ...losing(b, data.losing.b),
    ...losing(a, data.losing.a),
    '',
    '## Recall against k',
    '',
    ...grid(
      ['k', markdownText(a), markdownText(b)],
      curve.map((p) => [String(p.k), number(p.a), number(p.b)]),
    ),
    '',
    '## Users contrasted most',
    '',
    ...grid(
      ['user', 'RBO', 'delta of recall'],
      users.map((u) => [markdownText(u.userId), number(u.rbo, 3), number(u.delta)]),
    ),
    '',
    '## Hubs',
    ...hubs(a, data.hubs.a),
    ...hubs(b, data.hubs.b),
    '',
  ].join('\n');
};

/** Options that do not change the figures. */
const beside = new Set(['resume', 'markdown', 'workers', 'user']);

const flagsOf = (args: ArgValues, left: ReadonlySet<string>): string[] =>
  Object.keys(args)
    .sort()
    .flatMap((name) => {
      const value = args[name];
      if (value === undefined || value === false || left.has(name)) return [];
      const flag = name.length === 1 ? `-${name}` : `--${name}`;
      if (value === true) return [flag];
      return (Array.isArray(value) ? value : [value]).flatMap((one) => [flag, String(one)]);
    });

/**
 * The shell line that gives the same report. `asked`: a screen or a script had this query already, so the
 * line carries it on stdin; null: the arguments say it all.
 */
export const reproduceLine = (args: ArgValues, asked: RecallQuery | null, dir: string): string => {
  const byQuery = asked !== null && args['a'] === undefined;
  const own = byQuery
    ? new Set([
        ...beside,
        'query',
        'k',
        'ef',
        'at',
        'mode',
        'weight',
        'context',
        'preset',
        'search',
        'view',
        'purchase',
        'friend',
        'no-eligibility',
      ])
    : beside;
  const line = [
    'recall-tui',
    'compare',
    ...flagsOf({ ...args, all: true }, own),
    ...(byQuery ? ['--query', '-'] : []),
    '--workspace',
    dir,
    '--json',
  ]
    .map(shellWord)
    .join(' ');
  return byQuery ? `printf %s ${shellWord(JSON.stringify(asked))} | ${line}` : line;
};
