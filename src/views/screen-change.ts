import { settingDifferences } from '../commands/presets-diff.ts';
import type { RecallQuery } from '../domain/query.ts';
import { figure, utc } from './figures.ts';

const value = (leaf: unknown): string => (typeof leaf === 'number' ? (Number.isInteger(leaf) ? String(leaf) : figure(leaf, 2)) : leaf === null ? '–' : leaf === '' ? 'none' : String(leaf));

const names = (path: string): string => path.replace(/^(weights|context)\./, '').replace(/^(rules|merge)\.quota\.(.*)$/, 'quota $2').replace(/^(rules|merge)\.order$/, 'order');

const order = (leaf: unknown): string => (typeof leaf === 'string' ? leaf.replace(/[[\]"]/g, '').split(',').slice(0, 3).join(', ') : '');

const outOf = (from: RecallQuery, to: RecallQuery): string[] => {
  const out = to.excludedEvents.filter((id) => !from.excludedEvents.includes(id)).length;
  const back = from.excludedEvents.filter((id) => !to.excludedEvents.includes(id)).length;
  return [...(out === 0 ? [] : [`${out} knocked out`]), ...(back === 0 ? [] : [`${back} brought back`])];
};

const added = (from: RecallQuery, to: RecallQuery): string[] => {
  const gone = from.extraEvents.length - to.extraEvents.length;
  return gone > 0 ? [`${gone} what-if gone`] : to.extraEvents.slice(from.extraEvents.length).map((e) => `what if ${e.kind} ${e.query ?? e.adId ?? e.peerId ?? ''}`);
};

/** What a change changes, in words; empty where nothing. */
export const changeWords = (from: RecallQuery, to: RecallQuery): string => [
  ...settingDifferences({ ...from, mode: to.mode }, to).map(({ path, a, b }) => (path.endsWith('.order') ? `order ${order(b)}…` : `${names(path)} ${value(a)} → ${value(b)}`)),
  ...(from.asOf === to.asOf ? [] : [`as of ${utc(to.asOf)}`]),
  ...outOf(from, to), ...added(from, to),
].join(' · ');
