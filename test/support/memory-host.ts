import { commands } from '../../src/commands/registry.ts';
import type { Host, HostReply } from '../../src/state/protocol.ts';
import { serveHost } from '../../src/tui/host-server.ts';
import { fakeTools, fakeWorkspace } from '../commands/fake-workspace.ts';
import { makeWorld } from './memory-world.ts';
import { temporaryFolder } from './vectors.ts';

const titles = [
  '天猫精灵 智能音箱 Pro 白色',
  '欧普 LED 吸顶灯 客厅 三室两厅套餐 冷暖可调',
  'Aqara 人体传感器 P2',
  '小米 智能插座 三只装',
  '扫地机器人 边刷 👩‍👩‍👧‍👦 家庭装',
];

/** The real commands and engine over the memory world, its ads with Chinese titles; the same answers on every machine. */
export const memoryHost = (): Host => {
  let listener: (reply: HostReply) => void = () => undefined;
  const world = makeWorld({ seed: 3, users: 6, ads: 80, eventsPerUser: 20 });
  const workspace = fakeWorkspace({
    world: {
      ...world,
      ads: world.ads.map((ad, i) => ({ ...ad, title: `${titles[i % titles.length] ?? ''} ${ad.title}` })),
    },
  });
  const take = serveHost({
    commands,
    env: { XDG_STATE_HOME: temporaryFolder('state') },
    reply: (reply) => {
      listener(reply);
    },
    open: () => Promise.resolve(workspace),
    tools: fakeTools(() => Promise.reject(new Error('nothing is written here'))),
  });
  return {
    send: take,
    listen(reply) {
      listener = reply;
    },
    close() {
      take({ type: 'close' });
      return Promise.resolve();
    },
  };
};
