/**
 * Real key bytes into the real program on a fake terminal, the host in its own thread: bundled and run by keys.ts.
 * `keys-drive WORKSPACE COLUMNS ROWS [--profile]` prints one JSON object.
 */
import { statSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import type { Host, HostReply } from '../../src/state/protocol.ts';
import type { Store } from '../../src/state/store.ts';
import { startTui } from '../../src/tui/start.tsx';
import { childHost } from '../../src/tui/child-host.ts';
import { FakeInput, FakeOutput } from '../support/fake-tty.ts';

export interface KeysMeasured {
  readonly columns: number;
  readonly rows: number;
  /** ms from the key's bytes to the first write: the slider has moved. */
  readonly slider: readonly number[];
  /** ms from the key's bytes to the write that shows the list of the new weight. */
  readonly list: readonly number[];
  readonly bytes: readonly number[];
  /** Recalls asked and not answered at the same moment while the key was held, and how many were asked in all. */
  readonly mostPending: number;
  readonly heldKeys: number;
  readonly heldRecalls: number;
  /** ms from a held key to the next frame. */
  readonly held: readonly number[];
  readonly rssMb: number;
  readonly diskMb: number;
  readonly profile: ReadonlyArray<readonly [string, number]>;
}

const [dir = '', columns = '160', rows = '50', ...flags] = process.argv.slice(2);
const warmUp = 20;

let writes: Array<{ at: number; bytes: number }> = [];
const stdin = new FakeInput();
const stdout = new FakeOutput(Number(columns), Number(rows), (text) => {
  writes.push({ at: performance.now(), bytes: Buffer.byteLength(text) });
});

let pending = 0;
let most = 0;
let asked = 0;
const recalls = new Set<number>();
const counting = (host: Host): Host => ({
  send(request) {
    if (request.type === 'call' && request.command === 'recall') {
      recalls.add(request.id);
      asked++;
      most = Math.max(most, ++pending);
    }
    host.send(request);
  },
  listen(reply, gone) {
    host.listen((message: HostReply) => {
      if ((message.type === 'result' || message.type === 'failed') && recalls.delete(message.id)) pending--;
      reply(message);
    }, gone);
  },
  close: () => host.close(),
});

let store: Store | undefined;
const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' };
void startTui({
  workspaceDir: dir,
  stdin,
  stdout,
  stderr: process.stderr,
  env,
  host: counting(childHost(new URL('./host.js', import.meta.url), env)),
  onStore: (made) => {
    store = made;
  },
});
if (store === undefined) throw new Error('the store was not made');
const app: Store = store;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
const painted = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
const settled = async (): Promise<void> => {
  await app.idle();
  await painted();
};

while (app.get().table.length === 0) await pause(20);
await settled();
stdin.send('\r');
await settled();
stdin.send('w');
await settled();
// The census of the index and the loading of Ink are over.
await pause(1500);

const measured = { slider: [] as number[], list: [] as number[], bytes: [] as number[] };
const press = async (key: string, counts: boolean): Promise<void> => {
  writes = [];
  const start = performance.now();
  stdin.send(key);
  await settled();
  const [first] = writes;
  const last = writes.at(-1);
  if (!counts || first === undefined || last === undefined) return;
  measured.slider.push(first.at - start);
  measured.list.push(last.at - start);
  measured.bytes.push(writes.reduce((sum, w) => sum + w.bytes, 0));
};

const inspector = new Session();
if (flags.includes('--profile')) {
  inspector.connect();
  await inspector.post('Profiler.enable');
  await inspector.post('Profiler.start');
}
const groups = app.get().workspace?.groups.length ?? 1;
for (let i = 0; i < warmUp; i++) await press(i % 2 === 0 ? 'L' : 'H', false);
for (let group = 0; group < groups; group++) {
  for (let i = 0; i < 40; i++) {
    await press('l', true);
    // A person's hand is not that fast: the garbage of a frame is collected between two keys.
    await pause(4);
  }
  await press('j', false);
}

most = 0;
asked = 0;
const held: number[] = [];
stdin.send('g');
stdin.send('0');
await settled();
const holding = performance.now();
let keys = 0;
let way = 'l';
while (performance.now() - holding < 5000) {
  const next = holding + keys * (1000 / 30);
  await pause(Math.max(0, next - performance.now()));
  const { query, selectedSlider } = app.get();
  const weight = query?.weights[selectedSlider ?? ''] ?? 1;
  way = weight >= 4 ? 'h' : weight <= 0 ? 'l' : way;
  writes = [];
  const start = performance.now();
  stdin.send(way);
  keys++;
  await painted();
  const [first] = writes;
  if (first !== undefined) held.push(first.at - start);
}
await settled();

const frames = async (): Promise<KeysMeasured['profile']> => {
  if (!flags.includes('--profile')) return [];
  const { profile } = await inspector.post('Profiler.stop');
  const self = new Map<string, number>();
  const names = new Map(
    profile.nodes.map((n) => [
      n.id,
      `${n.callFrame.functionName || '(anonymous)'} ${n.callFrame.url.split('/').at(-1) ?? ''}:${n.callFrame.lineNumber + 1}`,
    ]),
  );
  profile.samples?.forEach((id, i) => {
    const name = names.get(id) ?? '?';
    self.set(name, (self.get(name) ?? 0) + (profile.timeDeltas?.[i] ?? 0) / 1000);
  });
  return [...self]
    .filter(([name]) => !name.startsWith('(idle)'))
    .sort((a, b) => b[1] - a[1])
    .slice(0, 12);
};

const sizeOf = (name: string): number => {
  try {
    return statSync(join(dir, name)).size;
  } catch {
    return 0;
  }
};
const result: KeysMeasured = {
  columns: Number(columns),
  rows: Number(rows),
  ...measured,
  mostPending: most,
  heldKeys: keys,
  heldRecalls: asked,
  held,
  rssMb: process.memoryUsage.rss() / 1e6,
  diskMb: (sizeOf('ads.hnsw') + sizeOf('ads.vectors')) / 1e6,
  profile: await frames(),
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => {
  process.exit(0);
});
