import type { CompareData, ListDifference } from '../../../answers/recall.ts';
import { t } from '../../../base/texts.ts';
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
  t('{ads} shared by {a} ({aAds}) and {b} ({bAds}): {measures}.', {
    ads: plural(common, 'ad'),
    a,
    aAds: ofA,
    b,
    bAds: ofB,
    measures: [
      t('Jaccard {value}', { value: figure(jaccard, 2) }),
      t('RBO {value}', { value: figure(rbo, 2) }),
      ...(kendallTau === null ? [] : [t('τ {value}', { value: figure(kendallTau, 2) })]),
    ].join(', '),
  });

/** The first few, and how many more there are. */
const firstOf = (values: readonly string[]): string => {
  const first = values.slice(0, shown).join(', ');
  return values.length > shown
    ? t('{values} and {count} more', { values: first, count: values.length - shown })
    : first;
};

/** Who placed the list's ads; nothing to say where one channel placed them all. */
export const placedBy = (name: string, channels: ReadonlyArray<readonly [string, number]>): string[] =>
  channels.length > 1
    ? [
        t('Ads of {list} by channel: {channels}.', {
          list: name,
          channels: and(channels.map(([channel, ads]) => `${channel} ${count(ads)}`)),
        }),
      ]
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
          t('{rule} read {values}', {
            rule: d.rule,
            values: firstOf(d.values.map((v) => (d.what === 'query' ? `“${v}”` : v))),
          }),
        ]
      : [],
  );
  return [
    ...placedBy(name, placed),
    ...(saw.length === 0 ? [] : [t('{list}: {facts}.', { list: name, facts: saw.join('; ') })]),
    ...(carried.length === 0
      ? []
      : [t('Groups that carry {list}: {groups}.', { list: name, groups: and(carried.slice(0, shown)) })]),
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
      ? [
          t('{category} {a} against {b}', {
            category: d.category === '' ? t('no category') : d.category,
            a: percent(d.a),
            b: percent(d.b),
          }),
        ]
      : [],
  );
  const prices = differences.flatMap((d) =>
    d.kind === 'price' ? [t('Median price {a} against {b}.', { a: price(d.a), b: price(d.b) })] : [],
  );
  const engaged = differences.flatMap((d) =>
    d.kind === 'engaged-only-in'
      ? [
          t('Only {list} holds {ads}: {ids}.', {
            list: d.side === 'a' ? a : b,
            ads: plural(d.adIds.length, 'engaged ad'),
            ids: firstOf(d.adIds),
          }),
        ]
      : [],
  );
  return [
    ...ofSide(differences, 'a', a),
    ...ofSide(differences, 'b', b),
    ...(categories.length === 0
      ? []
      : [t('Categories that differ: {categories}.', { categories: categories.slice(0, shown).join('; ') })]),
    ...prices,
    ...engaged,
  ].flatMap((content) => sentence(content, width, 'dim'));
};
