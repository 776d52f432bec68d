import type { PartialAnswer } from './partial-answer.ts';
import { channelNames, modes, ruleNames, type RecallQuery } from '../../src/domain/query.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import type { WorkspaceInfo } from '../../src/state/protocol.ts';
import type { Answer } from './fake-host.ts';

const groups = ['browse', 'search', 'purchase', 'social', 'context', 'trend'];
const at = Date.UTC(2025, 5, 17, 21, 4);

export const info: WorkspaceInfo = {
  dir: '/w',
  name: 'demo',
  users: 3,
  ads: 20_000,
  events: 1234,
  model: '3f9a'.padEnd(64, '0'),
  hasIndex: true,
  hasI2i: true,
  groups,
  tzOffsetMinutes: 480,
  notices: [],
};

export const titles = [
  '天猫精灵 智能音箱 Pro 白色',
  'Aqara 人体传感器 P2',
  '小米 智能插座 三只装',
  '扫地机器人 X20 👩‍👩‍👧 家庭版',
  'Kitchen paper, 24 rolls',
  '欧普 LED 吸顶灯',
  'evil \u001b[2J\u0007 title \u202e txet',
  'é́ combining ñ',
];

export const queryOf = (userId: string): RecallQuery => ({
  userId,
  asOf: at,
  k: 100,
  ef: 128,
  mode: 'model',
  weights: Object.fromEntries(groups.map((g) => [g, 1])),
  context: { promo: '618' },
  excludedEvents: [],
  extraEvents: [],
  disabled: [],
  rules: defaultRules,
  merge: {
    order: [...channelNames],
    quota: { model: 60, i2i: 20, ...Object.fromEntries(ruleNames.map((r) => [r, 10])) },
  },
  eligibility: true,
});

/** 100 ads whose order turns with the search weight: ad i has score 1 − i/1000, plus the weight for every seventh. */
const candidates = (query: RecallQuery): unknown[] => {
  const own = query.mode === 'legacy' ? 50 : 0;
  const lift = query.mode === 'model' || query.mode === 'merged' ? (query.weights['search'] ?? 1) - 1 : 0;
  return Array.from({ length: 140 }, (_, i) => ({
    i: i + own,
    score: 1 - (i + own) / 1000 + (i % 7 === 0 ? lift * 0.05 : 0),
  }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 100)
    .map(({ i, score }, rank) => ({
      rank: rank + 1,
      adId: `ad-${String(i).padStart(5, '0')}`,
      ordinal: i,
      title: `${titles[i % titles.length] ?? ''} ${i}`,
      category: '',
      brand: '',
      price: null,
      score,
      via: query.mode === 'legacy' ? 'keyword' : 'model',
      modelScore: score,
      channels: [
        { channel: 'model', rank: rank + 1, score, evidence: { type: 'ann', ef: 128 } },
        ...(i % 3 === 0
          ? [
              {
                channel: 'keyword',
                rank: 4,
                score: 2.5,
                evidence: {
                  type: 'matched-query',
                  query: '智能家居',
                  eventId: 'e1',
                  terms: ['智能', '家居'],
                  bm25: 7.25,
                },
              },
            ]
          : []),
      ],
      engaged: i % 5 === 0,
      engagement: i % 5 === 0 ? { kind: 'click', at: at + 1 } : null,
    }));
};

const recall = (query: RecallQuery): PartialAnswer => ({
  schema: 'recall',
  query,
  data: {
    candidates: candidates(query),
    cutoff: 0.9,
    leak: false,
    leaks: [],
    approximations: [],
    silent: { priority: 'the operator has no list' },
    notices: [],
    truth: { engaged: 40, recalled: 20 },
    funnel: [
      { stage: 'eligible', in: 20_000, out: 19_000, dropped: { ended: 1000 } },
      { stage: 'model', in: 19_000, out: 100, dropped: {} },
    ],
    ann: { recallAtK: null, missed: [], effectiveEf: 128, method: 'hnsw', reason: null },
  },
  timingsMs: { encode: 3.2, search: 0.4 },
});

const events = (userId: string, total = 47, listed = total): PartialAnswer => ({
  schema: 'events',
  query: queryOf(userId),
  data: {
    user: { userId, attributes: { city: 'tier-1', gender: 'f' } },
    total,
    byKind: { search: 20, view: 27 },
    friends: 3,
    perDay: Array.from({ length: 30 }, (_, i) => i % 7),
    events: Array.from({ length: listed }, (_, i) => ({
      eventId: `e${i}`,
      group: i % 2 === 0 ? 'search' : 'browse',
      kind: i % 2 === 0 ? 'search' : 'view',
      at: at - (i + 1) * 3_600_000,
      platform: 'app',
      adId: i % 2 === 0 ? null : 'ad-00001',
      title: i % 2 === 0 ? null : titles[i % titles.length],
      query: i % 2 === 0 ? '智能家居' : null,
      peerId: null,
      excluded: false,
    })),
  },
});

const users = ['u-00001', 'u-00412', 'u-01999'];

/** The same answers for users with 1,200 behaviours, listed as far as is asked. */
export const longHistories: Answer = (command, args, baseQuery) =>
  command === 'events'
    ? events(String(args['user']), 1200, Math.min(1200, Number(args['limit'])))
    : smallWorld(command, args, baseQuery);

/** Canned answers with the shapes of the real commands. */
export const smallWorld: Answer = (command, args, baseQuery) => {
  const userId = typeof args['user'] === 'string' ? args['user'] : 'u-00001';
  const mode = modes.find((m) => m === args['mode']);
  const query = { ...(baseQuery ?? queryOf(userId)), userId, ...(mode === undefined ? {} : { mode }) };
  switch (command) {
    case 'users':
      return {
        schema: 'users',
        data: {
          users: users
            .filter((u) => u.includes(String(args['match'] ?? '')))
            .map((u) => ({ userId: u, attributes: { city: 'tier-1' }, events: 47, lastAt: at - 1 })),
          total: users.length,
          match: null,
        },
      };
    case 'recall':
      return recall(query);
    case 'events':
      return events(userId);
    case 'ads':
      return {
        schema: 'ads',
        data: { ads: titles.slice(0, 3).map((title, i) => ({ adId: `ad-0000${i}`, title, category: 'home > smart' })) },
      };
    default:
      return { code: 'usage', message: `unknown command "${command}"`, todo: 'commands lists them' };
  }
};
