import type { CompareAllData } from '../../../answers/compare-all.ts';
import { curvePlot, differencePlot } from './compare-all-plots.ts';
import { hubTable, losingTable, metricTable, segmentTable, userTable } from './compare-all-tables.ts';
import { count, figure, instant, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { and, sentence } from '../../text/sentences.ts';

const shownUsers = 10;

const headline = ({ sides: { a, b }, metrics }: CompareAllData): string => {
  const up = metrics.filter((m) => m.flagged && (m.delta ?? 0) > 0).map((m) => m.name);
  const down = metrics.filter((m) => m.flagged && (m.delta ?? 0) < 0).map((m) => m.name);
  if (up.length + down.length === 0) return `No metric differs between ${a} and ${b} beyond chance.`;
  return (
    [
      ...(up.length === 0 ? [] : [`${b} is higher in ${and(up)}`]),
      ...(down.length === 0 ? [] : [`${b} is lower in ${and(down)}`]),
    ].join('; ') + '.'
  );
};

const counted = ({ sampled, of, measured, failed, report }: CompareAllData): string =>
  [
    `${count(sampled)} of ${plural(of, 'user')}${sampled < of ? ` drawn with seed ${report.seed}` : ''}`,
    measured === 0
      ? 'nobody engaged with anything after as-of, so recall cannot be measured'
      : `${count(measured)} engaged with an ad after as-of and count for recall, hit rate, NDCG and MRR`,
    ...(failed === 0 ? [] : [`${count(failed)} could not be answered`]),
  ].join('; ') + '.';

const short = (sha: string | null | undefined): string => sha?.slice(0, 8) ?? 'none';

const about = ({ report: r }: CompareAllData): string =>
  `${r.workspace}: ${count(r.ads)} ads, data ${short(r.fingerprints['sample'])}, model ${short(r.fingerprints['model'])}, index ${short(r.fingerprints['index'])}, as-of ${r.asOf === null ? 'each user’s own' : instant(r.asOf)}, horizon ${r.horizonMs === null ? 'open' : `${r.horizonMs / 86_400_000} d`}, k ${r.k}, ef ${r.ef}.`;

const titled = (title: string, lines: readonly Line[]): Line[] =>
  lines.length === 0 ? [] : [blank, [span(title, 'bold')], ...lines];

const noiseLines = ({ noise }: CompareAllData, width: number): Line[] =>
  noise === null
    ? []
    : sentence(
        `Noise of the index over ${plural(noise.rebuilds, 'rebuild')} with other seeds and orders: RBO ${figure(noise.rbo.mean, 3)} (least ${figure(noise.rbo.min, 3)}); ${noise.metrics.map(({ name, spread }) => `${name} ${figure(spread)}`).join(', ')}. Flagged is only what lies beyond it.`,
        width,
        'dim',
      );

const seedLines = ({ modelNoise }: CompareAllData, width: number): Line[] =>
  modelNoise === null
    ? []
    : sentence(
        `Spread over ${plural(modelNoise.rebuilds, 'model')} trained with other seeds: RBO ${figure(modelNoise.rbo.mean, 3)} (least ${figure(modelNoise.rbo.min, 3)}); ${modelNoise.metrics.map(({ name, spread }) => `${name} ${figure(spread)}`).join(', ')}. Nothing is flagged by it.`,
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
          `LEAK: ${leak.artefact} has seen data until ${instant(leak.builtUntil)}, after the as-of of ${plural(leak.users, 'user')}.`,
          width,
          'warn',
        ),
      ),
      blank,
      ...metricTable(data.metrics, names, width),
      ...sentence(
        '* beyond chance at 5 % after Holm over the metrics; 95 % by paired bootstrap over users.',
        width,
        'dim',
      ),
      ...noiseLines(data, width),
      ...seedLines(data, width),
      ...titled(`Recall against k: ${markA} ${names[0]}  ${markB} ${names[1]}`, curvePlot(data.curve, width, options)),
      ...titled(
        `Users by difference of recall@${data.report.k}, ${names[1]} − ${names[0]}`,
        differencePlot(data.differences, width, options),
      ),
      ...titled(`Segments by recall@${data.report.k}`, segmentTable(data.segments, names, width)),
      ...titled(`Users on whom ${names[1]} loses`, losingTable(data.losing.b, width)),
      ...titled(`Users on whom ${names[0]} loses`, losingTable(data.losing.a, width)),
      ...titled('Users contrasted most', userTable(data.users.slice(0, shownUsers), width)),
      ...hubTable(names[0], data.hubs.a, width),
      ...hubTable(names[1], data.hubs.b, width),
      blank,
      ...sentence(data.report.command, width, 'dim'),
    ],
    width,
    height,
  );
};
