import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeChannels, mergeSources } from '../../src/domain/merge.ts';
import { channelNames } from '../../src/domain/query.ts';
import type { ChannelName, MergeConfig } from '../../src/domain/query.ts';
import { referenceMerge } from '../support/reference-merge.ts';

const merge = (
  config: MergeConfig,
  disabled: readonly ChannelName[],
  lists: ReadonlyMap<ChannelName, readonly number[]>,
  k: number,
) =>
  mergeChannels(
    mergeSources(config, disabled).map((source) => ({ ...source, ordinals: lists.get(source.channel) ?? [] })),
    k,
  );

const plain = (outcome: ReturnType<typeof merge>) =>
  outcome.ads.map(({ ordinal, via, provenance }) => ({
    ordinal,
    via,
    from: provenance.map((p) => `${p.channel}#${p.position + 1}`),
  }));

test('channels fill the list in order, each up to its quota', () => {
  const lists = new Map<ChannelName, number[]>([
    ['keyword', [1, 2, 3]],
    ['popular', [7, 8, 9]],
  ]);
  const outcome = merge({ order: ['keyword', 'popular'], quota: { keyword: 2, popular: 2 } }, [], lists, 4);
  expect(outcome.ads.map((ad) => ad.ordinal)).toEqual([1, 2, 7, 8]);
});

test('an ad found twice takes the slot of the first channel and keeps the provenance of both', () => {
  const lists = new Map<ChannelName, number[]>([
    ['keyword', [1, 2]],
    ['popular', [2, 9]],
  ]);
  const outcome = merge({ order: ['keyword', 'popular'], quota: { keyword: 2, popular: 2 } }, [], lists, 10);
  expect(plain(outcome)).toEqual([
    { ordinal: 1, via: 'keyword', from: ['keyword#1'] },
    { ordinal: 2, via: 'keyword', from: ['keyword#2', 'popular#1'] },
    { ordinal: 9, via: 'popular', from: ['popular#2'] },
  ]);
});

test('free slots are refilled round-robin, and an ad already listed does not cost a turn', () => {
  const lists = new Map<ChannelName, number[]>([
    ['keyword', [1, 2, 3, 4]],
    ['popular', [7, 2, 8, 9]],
  ]);
  const outcome = merge({ order: ['keyword', 'popular'], quota: { keyword: 1, popular: 1 } }, [], lists, 5);
  expect(outcome.ads.map((ad) => ad.ordinal)).toEqual([1, 7, 2, 8, 3]);
  expect(outcome.ads[2]?.provenance.map((p) => p.channel)).toEqual(['keyword', 'popular']);
});

test('a channel with quota 0 takes no part, not even in the refill', () => {
  const lists = new Map<ChannelName, number[]>([
    ['keyword', [1]],
    ['popular', [7]],
  ]);
  const outcome = merge({ order: ['keyword', 'popular'], quota: { keyword: 1, popular: 0 } }, [], lists, 5);
  expect(outcome.ads.map((ad) => ad.ordinal)).toEqual([1]);
});

const channel = fc.constantFrom(...channelNames);
const lists = fc.dictionary(channel, fc.uniqueArray(fc.nat(25), { maxLength: 18 })).map(
  (record) =>
    new Map(
      channelNames.flatMap((name) => {
        const list = record[name];
        return list === undefined ? [] : [[name, list] as const];
      }),
    ),
);
const quota = fc.dictionary(channel, fc.nat(8)).map((record): MergeConfig['quota'] =>
  Object.fromEntries(
    channelNames.flatMap((name) => {
      const n = record[name];
      return n === undefined ? [] : [[name, n]];
    }),
  ),
);

test('any merge equals the independent reference, provenance included', () => {
  fc.assert(
    fc.property(
      fc.array(channel, { maxLength: 9 }),
      quota,
      fc.uniqueArray(channel, { maxLength: 2 }),
      lists,
      fc.integer({ min: 1, max: 30 }),
      (order, quotas, disabled, all, k) => {
        const config = { order, quota: quotas };
        expect(plain(merge(config, disabled, all, k))).toEqual(referenceMerge(config, disabled, all, k));
      },
    ),
    { numRuns: 400 },
  );
});

test('a list of max(quota, k) ads per channel is as good as the whole list', () => {
  fc.assert(
    fc.property(quota, lists, fc.integer({ min: 1, max: 12 }), (quotas, all, k) => {
      const config = { order: channelNames, quota: quotas };
      const cut = new Map(
        [...all].map(([name, list]) => [name, list.slice(0, Math.max(quotas[name] ?? 0, k))] as const),
      );
      expect(plain(merge(config, [], cut, k))).toEqual(plain(merge(config, [], all, k)));
    }),
    { numRuns: 200 },
  );
});
