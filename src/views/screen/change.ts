import { t, tn } from '../../base/texts.ts';
import { settingDifferences } from '../../commands/query/presets-diff.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { figure, plural, utc } from '../text/figures.ts';

const value = (leaf: unknown): string =>
  typeof leaf === 'number'
    ? Number.isInteger(leaf)
      ? String(leaf)
      : figure(leaf, 2)
    : leaf === null
      ? '–'
      : leaf === ''
        ? t('none')
        : String(leaf);

const nameOf = (path: string): string => {
  const channel = /^(?:rules|merge)\.quota\.(.*)$/.exec(path)?.[1];
  return channel === undefined ? path.replace(/^(weights|context)\./, '') : t('quota {channel}', { channel });
};

/** Which one channel has moved, and where to; the new order where it is not one. */
const orderWords = (before: readonly string[], after: readonly string[]): string => {
  const same = (a: readonly string[], b: readonly string[]): boolean =>
    a.length === b.length && a.every((channel, i) => channel === b[i]);
  const moved = after.filter((channel) =>
    same(
      before.filter((c) => c !== channel),
      after.filter((c) => c !== channel),
    ),
  );
  const [one] =
    moved.length === 2 ? moved.filter((channel) => before.indexOf(channel) > after.indexOf(channel)) : moved;
  return one === undefined
    ? t('order {channels}', { channels: after.join(', ') })
    : t('{channel} from place {from} to {to}', {
        channel: one,
        from: before.indexOf(one) + 1,
        to: after.indexOf(one) + 1,
      });
};

const orders = (from: RecallQuery, to: RecallQuery): string[] =>
  (
    [
      [from.rules.order, to.rules.order],
      [from.merge.order, to.merge.order],
    ] as const
  ).flatMap(([a, b]) => (a.join() === b.join() ? [] : [orderWords(a, b)]));

const outOf = (from: RecallQuery, to: RecallQuery): string[] => {
  const out = to.excludedEvents.filter((id) => !from.excludedEvents.includes(id)).length;
  const back = from.excludedEvents.filter((id) => !to.excludedEvents.includes(id)).length;
  return [
    ...(out === 0 ? [] : [tn(out, '{n} knocked out', '{n} knocked out')]),
    ...(back === 0 ? [] : [tn(back, '{n} brought back', '{n} brought back')]),
  ];
};

const added = (from: RecallQuery, to: RecallQuery): string[] => {
  const gone = from.extraEvents.length - to.extraEvents.length;
  return gone > 0
    ? [plural(gone, 'what-if removed', 'what-ifs removed')]
    : to.extraEvents
        .slice(from.extraEvents.length)
        .map((e) => t('what if {kind} {object}', { kind: e.kind, object: e.query ?? e.adId ?? e.peerId ?? '' }));
};

/** What a change changes, in words; empty where nothing. */
export const changeWords = (from: RecallQuery, to: RecallQuery): string =>
  [
    ...settingDifferences({ ...from, mode: to.mode }, to)
      .filter(({ path }) => !path.endsWith('.order'))
      .map(({ path, a, b }) => `${nameOf(path)} ${value(a)} → ${value(b)}`),
    ...orders(from, to),
    ...(from.asOf === to.asOf ? [] : [t('as of {time}', { time: utc(to.asOf) })]),
    ...outOf(from, to),
    ...added(from, to),
  ].join(' · ');
