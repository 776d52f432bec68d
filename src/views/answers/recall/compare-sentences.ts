import type { CompareData, ListDifference } from '../../../answers/recall.ts';
import type { ListComparison } from '../../../domain/compare-lists.ts';
import { count, figure, percent, plural, price } from '../../text/figures.ts';
import type { Line } from '../../text/line.ts';
import { and, sentence } from '../../text/sentences.ts';

const shown = 3;

/** How alike the lists are; `a`, `b`: their names and lengths. */
export const likeness = (
  { common, jaccard, rbo, kendallTau }: ListComparison['overlap'],
  [a, ofA]: readonly [string, number],
  [b, ofB]: readonly [string, number],
): string =>
  `${plural(common, 'ad')} in common of ${ofA} (${a}) and ${ofB} (${b}): Jaccard ${figure(jaccard, 2)}, RBO ${figure(rbo, 2)}${kendallTau === null ? '' : `, τ ${figure(kendallTau, 2)}`}.`;

/** Who placed the list's ads; nothing to say where one channel placed them all. */
export const placedBy = (name: string, channels: ReadonlyArray<readonly [string, number]>): string[] =>
  channels.length > 1
    ? [`${name} is placed by ${and(channels.map(([channel, ads]) => `${channel} ${count(ads)}`))}.`]
    : [];

const ofSide = (differences: readonly ListDifference[], side: 'a' | 'b', name: string): string[] => {
  const placed = differences.flatMap((d) =>
    d.kind === 'placed-by' && d.side === side ? [[d.channel, d.ads] as const] : [],
  );
  const carried = differences.flatMap((d) =>
    d.kind === 'carried-by' && d.side === side ? [`${d.group} ${figure(d.share, 2)}`] : [],
  );
  const saw = differences.flatMap((d) =>
    d.kind === 'rule-saw' && d.side === side
      ? [
          `${d.rule} saw ${d.values
            .slice(0, shown)
            .map((v) => (d.what === 'query' ? `“${v}”` : v))
            .join(', ')}${d.values.length > shown ? ` and ${d.values.length - shown} more` : ''}`,
        ]
      : [],
  );
  return [
    ...placedBy(name, placed),
    ...(saw.length === 0 ? [] : [`In ${name}, ${saw.join('; ')}.`]),
    ...(carried.length === 0 ? [] : [`${name} is carried by ${and(carried.slice(0, shown))}.`]),
  ];
};

/** What tells the lists apart, a sentence a line. */
export const differenceLines = (
  { differences = [] }: CompareData,
  [a, b]: readonly [string, string],
  width: number,
): Line[] => {
  const categories = differences.flatMap((d) =>
    d.kind === 'category'
      ? [`${d.category === '' ? 'no category' : d.category} ${percent(d.a)} against ${percent(d.b)}`]
      : [],
  );
  const prices = differences.flatMap((d) =>
    d.kind === 'price' ? [`Median price ${price(d.a)} against ${price(d.b)}.`] : [],
  );
  const engaged = differences.flatMap((d) =>
    d.kind === 'engaged-only-in'
      ? [
          `Only ${d.side === 'a' ? a : b} holds ${plural(d.adIds.length, 'engaged ad')}: ${d.adIds.slice(0, shown).join(', ')}${d.adIds.length > shown ? ', …' : ''}.`,
        ]
      : [],
  );
  return [
    ...ofSide(differences, 'a', a),
    ...ofSide(differences, 'b', b),
    ...(categories.length === 0 ? [] : [`Categories apart: ${categories.slice(0, shown).join('; ')}.`]),
    ...prices,
    ...engaged,
  ].flatMap((content) => sentence(content, width, 'dim'));
};
