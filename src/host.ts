import { readConfig } from './commands/help/config-file.ts';
import { commands } from './commands/registry.ts';
import { toPlain } from './errors.ts';
import { createFactories, openWorkspace } from './index.ts';
import type { HostReply, HostRequest } from './state/protocol.ts';
import type { Crashed } from './tui/child-host.ts';
import { serveHost } from './tui/host-server.ts';

/** Entry of the host's process: opens the workspace and runs the table's commands, away from where the screen is drawn. */
const say = (message: HostReply | Crashed, then: () => void = () => undefined): void => {
  if (process.connected) process.send?.(message, undefined, undefined, then);
  else then();
};

if (process.send !== undefined) {
  const { env } = process;
  const tools = createFactories(env);
  const serve = serveHost({
    commands,
    tools,
    env,
    config: () => readConfig(env),
    autosave: { at: Date.now(), pid: process.pid },
    open: (dir, onProgress) => openWorkspace({ dir: dir ?? undefined, cwd: process.cwd(), env, tools, onProgress }),
    reply: say,
    closed: () => {
      process.exit(0);
    },
  });
  process.on('message', (request: HostRequest) => {
    serve(request);
  });
  // The screen that asks is gone, however it ended.
  process.on('disconnect', () => {
    serve({ type: 'close' });
  });
  // The terminal sends these to every process it runs; the screen decides what becomes of them, and closes this one.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  const crash = (error: unknown): void => {
    say({ type: 'crashed', error: toPlain(error) }, () => process.exit(70));
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
