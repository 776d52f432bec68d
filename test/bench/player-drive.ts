/**
 * `:play FILE` by key bytes into the real program on a fake terminal, the host in its own thread: bundled and run by
 * player-open.ts. `player-drive FILE…` prints the milliseconds from Enter to the frame with the steps, one a file.
 */
import type { Store } from '../../src/state/store.ts';
import { startTui } from '../../src/tui/start.tsx';
import { childHost } from '../../src/tui/child-host.ts';
import { FakeInput, FakeOutput } from '../support/fake-tty.ts';

const columns = 120;
const rows = 40;
let drawnAt: number | null = null;
const stdin = new FakeInput();
const stdout = new FakeOutput(columns, rows, (text) => {
  if (drawnAt === null && text.includes('artefacts as recorded')) drawnAt = performance.now();
});

let store: Store | undefined;
const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
void startTui({
  workspaceDir: 'demo',
  stdin,
  stdout,
  stderr: process.stderr,
  env,
  host: childHost(new URL('./host.js', import.meta.url), env),
  onStore: (made) => {
    store = made;
  },
});
if (store === undefined) throw new Error('the store was not made');
const app: Store = store;
const settled = async (): Promise<void> => {
  await app.idle();
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
};

while (app.get().table.length === 0)
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
await settled();
stdin.send('\r');
await settled();
// The first list is drawn and the census of the index is over.
await new Promise((resolve) => {
  setTimeout(resolve, 1500);
});

const took: number[] = [];
for (const file of process.argv.slice(2)) {
  for (const key of `:play ${file}`) {
    stdin.send(key);
    await settled();
  }
  drawnAt = null;
  const start = performance.now();
  stdin.send('\r');
  await settled();
  const { player } = app.get();
  if (drawnAt === null || player?.data?.file !== file || player.data.rows.length === 0)
    throw new Error(`the player lists no steps: ${JSON.stringify(player?.error ?? app.get().message)}`);
  took.push(drawnAt - start);
}
process.stdout.write(`${JSON.stringify(took)}\n`, () => {
  process.exit(0);
});
