import { atomicWrite } from '../../src/base/atomic-file.ts';
import { commands } from '../../src/commands/registry.ts';
import type { ArgValues } from '../../src/console/command.ts';
import type { HostReply, HostRequest } from '../../src/state/protocol.ts';
import { serveHost } from '../../src/tui/host-server.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { fakeTools } from '../commands/fake-workspace.ts';

export interface Host {
  ask(command: string, args: ArgValues, recorded?: boolean): Promise<HostReply>;
  readonly replies: HostReply[];
  close(): Promise<void>;
}

/** The host over a workspace, as the screen talks to it. */
export const hostOver = async (workspace: Workspace, state: string, at: number): Promise<Host> => {
  const replies: HostReply[] = [];
  const waiting = new Map<number, (reply: HostReply) => void>();
  let closed: () => void = () => undefined;
  const serve = serveHost({
    commands,
    tools: fakeTools(atomicWrite),
    env: { XDG_STATE_HOME: state },
    open: () => Promise.resolve(workspace),
    autosave: { at, pid: process.pid },
    reply: (reply) => {
      replies.push(reply);
      if (reply.type !== 'progress') waiting.get(reply.id)?.(reply);
    },
    closed: () => {
      closed();
    },
  });
  let id = 0;
  const send = (request: HostRequest): Promise<HostReply> =>
    new Promise((resolve) => {
      if ('id' in request) waiting.set(request.id, resolve);
      serve(request);
    });
  await send({ type: 'open', id: (id += 1), dir: null });
  return {
    replies,
    ask: (command, args, recorded = true) =>
      send({ type: 'call', id: (id += 1), command, args, baseQuery: null, ...(recorded ? { recorded: true } : {}) }),
    close: () =>
      new Promise((resolve) => {
        closed = resolve;
        serve({ type: 'close' });
      }),
  };
};

/** What nobody is told when: looked for until it is there. */
export const until = async <T>(look: () => T | undefined): Promise<T> => {
  for (let i = 0; i < 3000; i += 1) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
  throw new Error('it never came');
};
