import { parentPort } from 'node:worker_threads';
import { readConfig } from './commands/help/config-file.ts';
import { commands } from './commands/registry.ts';
import { createFactories, openWorkspace } from './index.ts';
import type { HostRequest } from './state/protocol.ts';
import { serveHost } from './tui/host-server.ts';

/** Entry of the host's thread: opens the workspace and runs the table's commands, off the thread that draws. */
const port = parentPort;
if (port !== null) {
  const { env } = process;
  const tools = createFactories(env);
  const serve = serveHost({
    commands,
    tools,
    env,
    config: () => readConfig(env),
    autosave: { at: Date.now(), pid: process.pid },
    open: (dir, onProgress) => openWorkspace({ dir: dir ?? undefined, cwd: process.cwd(), env, tools, onProgress }),
    reply: (reply) => {
      port.postMessage(reply);
    },
    closed: () => {
      port.close();
    },
  });
  port.on('message', (request: HostRequest) => {
    serve(request);
  });
}
