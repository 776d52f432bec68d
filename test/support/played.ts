import type { PlayData } from '../../src/answers/session.ts';
import type { Host, HostReply } from '../../src/state/protocol.ts';
import { queryOf } from './small-world.ts';

const list = (ids: readonly string[]): { kind: 'list'; ids: string[]; scores: number[]; via: string } => ({
  kind: 'list',
  ids: [...ids],
  scores: ids.map((_, i) => 0.9 - i / 10),
  via: 'model',
});
const steps = [
  ['recall', 'pass', ['ids'], '智能音箱的人为何见到灯'],
  ['explain', 'pass', ['top-group'], ''],
  ['recall', 'fail', ['present'], '欧普的吸顶灯应当在内'],
  ['recall', 'changed', [], ''],
  ['recall', null, [], '扫地机器人 👩‍👩‍👧‍👦'],
] as const;

/** A recording that was played to its third step, which does not hold. */
export const played: PlayData = {
  file: 'sessions/音箱.jsonl',
  note: '智能音箱的人',
  differing: [],
  total: 5,
  from: 0,
  cause: { kind: 'knob', names: ['k'], text: 'changed in the file since it was recorded: k', proved: true },
  allHold: false,
  pinned: 1,
  rows: steps.map(([command, status, expects, note], i) => ({
    step: i + 1,
    command,
    status,
    expects: [...expects],
    note,
  })),
  at: {
    index: 2,
    step: 3,
    command: 'recall',
    status: 'fail',
    failures: [{ kind: 'present', message: 'ad-0033 is not in the list' }],
    edited: ['k'],
    notes: [],
    pinned: true,
    recorded: list(['ad-0001', 'ad-0033', 'ad-0002']),
    present: list(['ad-0002', 'ad-0001', 'ad-0007']),
    sides: [
      { adId: 'ad-0007', title: '小米 智能插座 三只装', recorded: null, present: 3 },
      { adId: 'ad-0033', title: '欧普 LED 吸顶灯 客厅 三室两厅套餐 冷暖可调', recorded: 2, present: null },
      { adId: 'ad-0002', title: '扫地机器人 边刷 👩‍👩‍👧‍👦 家庭装', recorded: 3, present: 1 },
      { adId: 'ad-0001', title: 'Aqara 人体传感器 P2', recorded: 1, present: 2 },
    ],
  },
};

/** A host that plays that recording whatever is asked for; everything else is `host`'s. */
export const playingHost = (host: Host): Host => {
  let reply: (message: HostReply) => void = () => undefined;
  return {
    listen(listener, gone) {
      reply = listener;
      host.listen(listener, gone);
    },
    send(request) {
      if (request.type !== 'call' || request.command !== 'play') return host.send(request);
      setImmediate(() => {
        reply({
          type: 'result',
          id: request.id,
          result: { schema: 'play', query: queryOf('u0'), data: { ...played } },
          backend: null,
        });
      });
    },
    close: () => host.close(),
  };
};
