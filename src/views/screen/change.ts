import { settingDifferences } from '../../commands/query/presets-diff.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { figure, utc } from '../text/figures.ts';

const value = (leaf: unknown): string =>
  typeof leaf === 'number'
    ? Number.isInteger(leaf)
      ? String(leaf)
      : figure(leaf, 2)
    : leaf === null
      ? '–'
      : leaf === ''
        ? 'none'
        : String(leaf);

const names = (path: string): string =>
  path.replace(/^(weights|context)\./, '').replace(/^(rules|merge)\.quota\.(.*)$/, 'quota $2');

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
    ? `order ${after.join(', ')}`
    : `${one} ${before.indexOf(one) + 1}. → ${after.indexOf(one) + 1}.`;
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
  return [...(out === 0 ? [] : [`${out} knocked out`]), ...(back === 0 ? [] : [`${back} brought back`])];
};

const added = (from: RecallQuery, to: RecallQuery): string[] => {
  const gone = from.extraEvents.length - to.extraEvents.length;
  return gone > 0
    ? [`${gone} what-if gone`]
    : to.extraEvents
        .slice(from.extraEvents.length)
        .map((e) => `what if ${e.kind} ${e.query ?? e.adId ?? e.peerId ?? ''}`);
};

/** What a change changes, in words; empty where nothing. */
export const changeWords = (from: RecallQuery, to: RecallQuery): string =>
  [
    ...settingDifferences({ ...from, mode: to.mode }, to)
      .filter(({ path }) => !path.endsWith('.order'))
      .map(({ path, a, b }) => `${names(path)} ${value(a)} → ${value(b)}`),
    ...orders(from, to),
    ...(from.asOf === to.asOf ? [] : [`as of ${utc(to.asOf)}`]),
    ...outOf(from, to),
    ...added(from, to),
  ].join(' · ');
