import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../src/console/command.ts';
import { commands } from '../../src/commands/registry.ts';
import { openWorkspace } from '../../src/index.ts';
import type { HostReply, HostRequest } from '../../src/state/protocol.ts';
import { serveHost } from '../../src/tui/host-server.ts';
import { smallWorkspace, type SmallWorkspace } from '../support/small-workspace.ts';

let small: SmallWorkspace;
beforeAll(async () => {
  small = await smallWorkspace();
});

interface Served {
  readonly replies: HostReply[];
  ask(request: HostRequest): void;
  answerTo(id: number): Promise<HostReply>;
}
const open: Served[] = [];
afterAll(() => {
  for (const s of open) s.ask({ type: 'close' });
});

const serve = (extra: readonly Command[] = []): Served => {
  const replies: HostReply[] = [];
  const waiting = new Map<number, (reply: HostReply) => void>();
  const take = serveHost({
    commands: [...commands, ...extra],
    tools: small.tools,
    env: {},
    open: (dir, onProgress) => openWorkspace({ dir: dir ?? undefined, cwd: small.dir, env: {}, onProgress }),
    reply: (reply) => {
      replies.push(reply);
      if (reply.type !== 'progress') waiting.get(reply.id)?.(reply);
    },
  });
  const served: Served = {
    replies,
    ask: take,
    answerTo: (id) => {
      const known = replies.find((r) => r.id === id && r.type !== 'progress');
      return known === undefined
        ? new Promise((resolve) => {
            waiting.set(id, resolve);
          })
        : Promise.resolve(known);
    },
  };
  open.push(served);
  return served;
};

const opened = async (extra: readonly Command[] = []): Promise<Served> => {
  const served = serve(extra);
  served.ask({ type: 'open', id: 1, dir: small.dir });
  expect(await served.answerTo(1)).toMatchObject({
    type: 'opened',
    workspace: { name: 'small', users: 40, ads: 600, model: null, hasIndex: true, hasI2i: true, groups: ['browse'] },
  });
  return served;
};

const slow: Command = {
  id: 'slow',
  title: 'Slow',
  doc: 'Waits to be told to stop.',
  family: 'test',
  needs: 'nothing',
  args: [],
  run: (context) =>
    new Promise((_, reject) => {
      context.progress({ stage: 'waiting', done: 1, total: 2 });
      context.signal.addEventListener('abort', () => {
        reject(new Error('stopped'));
      });
    }),
};

describe('the host', () => {
  it('opens a workspace and runs the commands of the table on it', async () => {
    const served = await opened();
    served.ask({ type: 'call', id: 2, command: 'users', args: { limit: 3 }, baseQuery: null });
    expect(await served.answerTo(2)).toMatchObject({
      type: 'result',
      result: { schema: 'users', data: { users: [{}, {}, {}] } },
    });
  });

  it('answers a base query with the same query', async () => {
    const served = await opened();
    served.ask({ type: 'call', id: 2, command: 'users', args: { limit: 1, ids: true }, baseQuery: null });
    const users = await served.answerTo(2);
    const user =
      users.type === 'result' ? (JSON.stringify(users.result.data).match(/"userId":"([^"]+)"/)?.[1] ?? '') : '';
    served.ask({ type: 'call', id: 3, command: 'recall', args: { user, mode: 'i2i' }, baseQuery: null });
    const first = await served.answerTo(3);
    if (first.type !== 'result' || first.result.query === undefined)
      throw new Error(`no result: ${JSON.stringify(first)}`);
    served.ask({ type: 'call', id: 4, command: 'recall', args: { user }, baseQuery: first.result.query });
    const second = await served.answerTo(4);
    expect(second).toMatchObject({ type: 'result', result: { query: first.result.query, data: first.result.data } });
  });

  it('gives errors as plain data, with the next action', async () => {
    const served = await opened();
    served.ask({ type: 'call', id: 2, command: 'recall', args: { user: 'nobody' }, baseQuery: null });
    expect(await served.answerTo(2)).toMatchObject({ type: 'failed', error: { code: 'unknown-user' } });
    served.ask({ type: 'call', id: 3, command: 'no-such', args: {}, baseQuery: null });
    expect(await served.answerTo(3)).toMatchObject({ type: 'failed', error: { code: 'usage' } });
  });

  it('refuses a folder that holds no workspace, and commands before one is open', async () => {
    const served = serve();
    served.ask({ type: 'open', id: 1, dir: '/nowhere' });
    expect(await served.answerTo(1)).toMatchObject({ type: 'failed', error: { code: 'no-workspace' } });
    const early = serve();
    early.ask({ type: 'call', id: 1, command: 'users', args: {}, baseQuery: null });
    expect(await early.answerTo(1)).toMatchObject({ type: 'failed', error: { code: 'no-workspace' } });
  });

  it('passes progress on, and aborts one command without touching another', async () => {
    const served = await opened([slow]);
    served.ask({ type: 'call', id: 2, command: 'slow', args: {}, baseQuery: null });
    served.ask({ type: 'call', id: 3, command: 'ads', args: { limit: 1 }, baseQuery: null });
    served.ask({ type: 'abort', id: 2 });
    expect(await served.answerTo(2)).toMatchObject({ type: 'failed', error: { message: 'stopped' } });
    expect(await served.answerTo(3)).toMatchObject({ type: 'result' });
    expect(served.replies).toContainEqual({
      type: 'progress',
      id: 2,
      progress: { stage: 'waiting', done: 1, total: 2 },
    });
  });

  it('records what the person asks and nothing the screen asks for itself, with what is expected of it', async () => {
    const served = await opened();
    await writeFile(join(small.dir, 'key.hex'), '07'.repeat(32));
    const file = join(await mkdtemp(join(tmpdir(), 'recall-record-')), 's.jsonl');
    const ask = async (
      id: number,
      command: string,
      args: Record<string, string>,
      recorded: boolean,
    ): Promise<HostReply> => {
      served.ask({ type: 'call', id, command, args, baseQuery: null, ...(recorded ? { recorded: true } : {}) });
      return served.answerTo(id);
    };
    expect(await ask(2, 'record', { file }, false)).toMatchObject({
      type: 'result',
      result: { data: { recording: true } },
    });
    await ask(3, 'recall', { user: 'u-0', mode: 'legacy' }, true);
    await ask(4, 'events', { user: 'u-0' }, false);
    expect(await ask(5, 'expect', { kind: 'set' }, false)).toMatchObject({
      type: 'result',
      result: { data: { step: 1 } },
    });
    expect(await ask(6, 'record', {}, false)).toMatchObject({
      type: 'result',
      result: { data: { recording: false, steps: 1 } },
    });
    const [, step, ...more] = (await readFile(file, 'utf8')).trim().split('\n');
    expect(JSON.parse(step ?? '')).toMatchObject({ step: 1, command: 'recall', expect: { set: expect.any(Array) } });
    expect(more).toEqual([]);
  });
});
