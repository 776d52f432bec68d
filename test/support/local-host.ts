import { commands } from '../../src/commands/registry.ts';
import { readConfig } from '../../src/commands/help/config-file.ts';
import type { Factories } from '../../src/workspace/factories.ts';
import { openWorkspace } from '../../src/index.ts';
import type { Host, HostReply } from '../../src/state/protocol.ts';
import { serveHost } from '../../src/tui/host-server.ts';

/**
 * The real host on this thread: for tests that look at the screen over a real workspace. `autosave`: it keeps what is
 * asked, in the state folder of `env`.
 */
export const localHost = (
  dir: string,
  tools: Factories,
  env: Readonly<Record<string, string>> = {},
  autosave = false,
): Host => {
  let closed = (): void => undefined;
  let listener: (reply: HostReply) => void = () => undefined;
  const take = serveHost({
    ...(autosave ? { autosave: { at: Date.now(), pid: process.pid } } : {}),
    commands,
    tools,
    env,
    config: () => readConfig(env),
    reply: (reply) => {
      listener(reply);
    },
    closed: () => {
      closed();
    },
    open: (_, onProgress) => openWorkspace({ dir, cwd: dir, env: {}, onProgress }),
  });
  return {
    send: take,
    listen(reply) {
      listener = reply;
    },
    close() {
      const ended = new Promise<void>((resolve) => {
        closed = resolve;
      });
      take({ type: 'close' });
      return ended;
    },
  };
};
