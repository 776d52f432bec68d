import { existsSync } from 'node:fs';
import { autosavePath } from '../../src/session/state-dir.ts';
import { commands } from '../../src/commands/registry.ts';
import type { HostRequest } from '../../src/state/protocol.ts';
import { serveHost } from '../../src/tui/host-server.ts';
import { fakeTools } from '../commands/fake-workspace.ts';
import { sessionWorkspace } from './support.ts';

/**
 * The screen's host, asked as fast as it answers until it is killed; prints the number of each answer. A second
 * argument: records to that file too.
 */
const workspace = sessionWorkspace();
const began = Number(process.argv[2]);
const recording = process.argv[3];
let begun = recording === undefined;
let asked = 0;
const ask = (): HostRequest => {
  asked += 1;
  return {
    type: 'call',
    id: asked + 1,
    command: 'recall',
    args: { user: `u${asked % 5}`, mode: 'i2i', k: 5 + (asked % 7) },
    baseQuery: null,
    recorded: true,
  };
};
const serve = serveHost({
  commands,
  tools: fakeTools(() => Promise.resolve()),
  env: process.env,
  open: () => Promise.resolve(workspace),
  autosave: { at: began, pid: process.pid },
  reply: (reply) => {
    if (reply.type === 'failed' || reply.type === 'unsaved') throw new Error(reply.error.message);
    if (reply.type !== 'opened' && reply.type !== 'result') return;
    if (!begun) {
      begun = true;
      serve({ type: 'call', id: 0, command: 'record', args: { file: recording }, baseQuery: null });
      return;
    }
    if (asked > 1) process.stdout.write(`${asked}\n`);
    setImmediate(
      asked === 1
        ? whenKept
        : () => {
            serve(ask());
          },
    );
  },
});
/** A person takes longer for the first question than the key takes to be read. */
const whenKept = (): void => {
  if (existsSync(autosavePath(process.env, began, process.pid))) serve(ask());
  else setImmediate(whenKept);
};
serve({ type: 'open', id: 1, dir: null });
