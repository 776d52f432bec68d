import type { CompareAllData } from '../../../answers/compare-all.ts';
import { t, tn } from '../../../base/texts.ts';
import { curvePlot, differencePlot } from './compare-all-plots.ts';
import { hubTable, losingTable, metricTable, segmentTable, userTable } from './compare-all-tables.ts';
import { count, figure, instant, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { and, sentence } from '../../text/sentences.ts';

const shownUsers = 10;

const headline = ({ sides: { a, b }, metrics }: CompareAllData): string => {
  const up = metrics.filter((m) => m.flagged && (m.delta ?? 0) > 0).map((m) => m.name);
  const down = metrics.filter((m) => m.flagged && (m.delta ?? 0) < 0).map((m) => m.name);
  if (up.length + down.length === 0) return t('No metric differs between {a} and {b} beyond chance.', { a, b });
  if (down.length === 0) return t('{b} is higher in {metrics}.', { b, metrics: and(up) });
  if (up.length === 0) return t('{b} is lower in {metrics}.', { b, metrics: and(down) });
  return t('{b} is higher in {higher}; {b} is lower in {lower}.', { b, higher: and(up), lower: and(down) });
};

const counted = ({ sampled, of, measured, failed, report }: CompareAllData): string =>
  [
    sampled < of
      ? t('Sample: {sampled} of {users}, seed {seed}.', {
          sampled: count(sampled),
          users: plural(of, 'user'),
          seed: report.seed,
        })
      : t('All {users}.', { users: plural(of, 'user') }),
    measured === 0
      ? t('Recall cannot be measured: no user engaged with an ad after as-of.')
      : tn(
          measured,
          '{n} user engaged with an ad after as-of and counts for recall, hit rate, NDCG and MRR.',
          '{users} users engaged with an ad after as-of and count for recall, hit rate, NDCG and MRR.',
          { users: count(measured) },
        ),
    ...(failed === 0
      ? []
      : [
          tn(failed, 'The recall of {n} user failed.', 'The recalls of {users} users failed.', {
            users: count(failed),
          }),
        ]),
  ].join(' ');

const short = (sha: string | null | undefined): string => sha?.slice(0, 8) ?? t('none');

const about = ({ report: r }: CompareAllData): string =>
  t('{workspace}: {ads}, data {data}, model {model}, index {index}, as-of {asOf}, horizon {horizon}, k {k}, ef {ef}.', {
    workspace: r.workspace,
    ads: plural(r.ads, 'ad'),
    data: short(r.fingerprints['sample']),
    model: short(r.fingerprints['model']),
    index: short(r.fingerprints['index']),
    asOf: r.asOf === null ? t('each user’s own') : instant(r.asOf),
    horizon: r.horizonMs === null ? t('open') : t('{days} d', { days: r.horizonMs / 86_400_000 }),
    k: r.k,
    ef: r.ef,
  });

const titled = (title: string, lines: readonly Line[]): Line[] =>
  lines.length === 0 ? [] : [blank, [span(title, 'bold')], ...lines];

const spreadText = ({ rbo, metrics }: NonNullable<CompareAllData['noise']>): string =>
  t('RBO {mean} (least {least}); {metrics}', {
    mean: figure(rbo.mean, 3),
    least: figure(rbo.min, 3),
    metrics: metrics.map(({ name, spread }) => `${name} ${figure(spread)}`).join(', '),
  });

const noiseLines = ({ noise }: CompareAllData, width: number): Line[] =>
  noise === null
    ? []
    : sentence(
        t(
          'Noise of the index over {rebuilds} with other seeds and orders: {spread}. A delta within it is not flagged.',
          {
            rebuilds: plural(noise.rebuilds, 'rebuild'),
            spread: spreadText(noise),
          },
        ),
        width,
        'dim',
      );

const seedLines = ({ modelNoise }: CompareAllData, width: number): Line[] =>
  modelNoise === null
    ? []
    : sentence(
        t('Spread over {models} trained with other seeds: {spread}. It flags nothing.', {
          models: plural(modelNoise.rebuilds, 'model'),
          spread: spreadText(modelNoise),
        }),
        width,
        'dim',
      );

/** Metrics, plots, segments, the users contrasted most and the hubs, in the order in which they answer "is it better, for whom". */
export const compareAllView = (
  data: CompareAllData,
  width: number,
  options: ViewOptions = {},
  height?: number,
): Line[] => {
  const names = [data.sides.a, data.sides.b] as const;
  const [markA, markB] = options.ascii === true ? ['a', 'b'] : ['○', '●'];
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...sentence(counted(data), width),
      ...sentence(about(data), width, 'dim'),
      ...data.report.leaks.flatMap((leak) =>
        sentence(
          t('LEAK: the {artefact} has seen data until {until}, after the as-of of {users}.', {
            artefact: leak.artefact,
            until: instant(leak.builtUntil),
            users: plural(leak.users, 'user'),
          }),
          width,
          'warn',
        ),
      ),
      blank,
      ...metricTable(data.metrics, names, width),
      ...sentence(
        t('* differs beyond chance at 5 % (Holm over the metrics); 95 % by paired bootstrap over users.'),
        width,
        'dim',
      ),
      ...noiseLines(data, width),
      ...seedLines(data, width),
      ...titled(
        t('Recall against k: {a}  {b}', { a: `${markA} ${names[0]}`, b: `${markB} ${names[1]}` }),
        curvePlot(data.curve, width, options),
      ),
      ...titled(
        t('Users by difference of recall@{k}, {b} − {a}', { k: data.report.k, a: names[0], b: names[1] }),
        differencePlot(data.differences, width, options),
      ),
      ...titled(t('Segments by recall@{k}', { k: data.report.k }), segmentTable(data.segments, names, width)),
      ...titled(t('Subgroups where {side} loses', { side: names[1] }), losingTable(data.losing.b, width)),
      ...titled(t('Subgroups where {side} loses', { side: names[0] }), losingTable(data.losing.a, width)),
      ...titled(t('Users whose lists differ most'), userTable(data.users.slice(0, shownUsers), width)),
      ...hubTable(names[0], data.hubs.a, width),
      ...hubTable(names[1], data.hubs.b, width),
      blank,
      ...sentence(data.report.command, width, 'dim'),
    ],
    width,
    height,
  );
};
