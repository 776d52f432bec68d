import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { isRecord } from '../../src/base/json.ts';

/** The browser's program; null: it is not installed here. */
export const chromiumPath = (): string | null =>
  [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path): path is string => path !== undefined && existsSync(path),
  ) ?? null;

type Fields = Readonly<Record<string, unknown>>;

export interface Event {
  readonly method: string;
  readonly params: Fields;
}

/** A headless browser spoken to over two pipes (--remote-debugging-pipe), one page open in it. */
export interface Browser {
  send(method: string, params?: Fields): Promise<Fields>;
  /** Everything the page has reported since the last call. */
  events(): Event[];
  /** The value of an expression in the page, as JSON. */
  value(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

const fields = (value: unknown): Fields => (isRecord(value) ? value : {});

const connect = (
  child: ChildProcess,
): {
  send: (method: string, params: Fields, sessionId?: string) => Promise<Fields>;
  heard: Event[];
} => {
  const [to, from] = [child.stdio[3], child.stdio[4]];
  if (!(to instanceof Writable) || !(from instanceof Readable)) throw new Error('no pipes to the browser');
  const waiting = new Map<number, { resolve: (value: Fields) => void; reject: (error: Error) => void }>();
  const heard: Event[] = [];
  let rest = '';
  let serial = 0;
  const take = (text: string): void => {
    const message = fields(JSON.parse(text));
    const call = waiting.get(Number(message['id']));
    if (call === undefined) heard.push({ method: String(message['method']), params: fields(message['params']) });
    else if (message['error'] === undefined) call.resolve(fields(message['result']));
    else call.reject(new Error(JSON.stringify(message['error'])));
  };
  from.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    parts.forEach(take);
  });
  return {
    heard,
    send: (method, params, sessionId) =>
      new Promise((resolve, reject) => {
        const id = ++serial;
        waiting.set(id, { resolve, reject });
        to.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
      }),
  };
};

export const openBrowser = async (path: string): Promise<Browser> => {
  const home = mkdtempSync(join(tmpdir(), 'recall-chromium-'));
  const child = spawn(
    path,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--remote-debugging-pipe',
      `--user-data-dir=${home}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const { send, heard } = connect(child);
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const page = (method: string, params: Fields = {}): Promise<Fields> => send(method, params, String(sessionId));
  for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await page(`${domain}.enable`);
  return {
    send: page,
    events: () => heard.splice(0),
    value: async (expression) => {
      const answer = await page('Runtime.evaluate', { expression, returnByValue: true });
      return fields(answer['result'])['value'];
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await send('Browser.close', {}).catch(() => undefined);
      await ended;
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
