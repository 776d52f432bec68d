import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import type { ReplayReport } from '../../src/answers/session.ts';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../src/commands/registry.ts';
import type { ArgValues, CommandContext } from '../../src/console/command.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import type { openJournal } from '../../src/session/journal.ts';
import { readSession, type ReadSession } from '../../src/session/read.ts';
import { createRecorder, type Recorder } from '../../src/session/recorder.ts';
import { createStepRunner, type StepRunner } from '../../src/session/run-step.ts';
import { replaySession } from '../../src/session/replay.ts';
import type { ReplayOptions } from '../../src/session/judge.ts';
import type { Session } from '../../src/session/format.ts';
import { createVault, type Vault } from '../../src/session/vault.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { fakeContext, fakeTools, fakeWorkspace } from '../commands/fake-workspace.ts';
import type { DepsOptions, MemoryWorld } from '../support/memory-world.ts';
import { makeWorld } from '../support/memory-world.ts';

export const keyHex = '0f'.repeat(32);
export const testVault = (): Vault => createVault(Buffer.from(keyHex, 'hex'));

export const folder = (): string => mkdtempSync(join(tmpdir(), 'recall-session-'));

export const sessionWorld = (): MemoryWorld => makeWorld({ seed: 3, users: 6, ads: 80, eventsPerUser: 20 });

const canary = (n: number): string => `CANARY${n}`;

/** The memory world with a canary in every attribute, title, brand, query and id of a user or event. */
export const canaryWorld = (): MemoryWorld => {
  const world = sessionWorld();
  const named = (id: string): string => `CANARY-user-${id}`;
  return {
    ...world,
    users: world.users.map((user, i) => ({
      userId: named(user.userId),
      attributes: { ...user.attributes, name: canary(i) },
    })),
    ads: world.ads.map((ad) => ({
      ...ad,
      title: `${ad.title} CANARY-title`,
      brand: 'CANARY-brand',
      category: `${ad.category} CANARY-category`,
    })),
    events: world.events.map((event) => ({
      ...event,
      eventId: `CANARY-${event.eventId}`,
      userId: named(event.userId),
      query: event.query === null ? null : `${event.query} CANARY-query`,
      peerId: event.peerId === null ? null : named(event.peerId),
    })),
    friends: world.friends.map((friend) => ({ ...friend, userId: named(friend.userId), peerId: named(friend.peerId) })),
  };
};

/** The memory world as a workspace with a key and fingerprints of its own. */
export const sessionWorkspace = (
  options: { world?: MemoryWorld; deps?: DepsOptions; more?: Partial<Workspace> } = {},
): Workspace => {
  const dir = folder();
  writeFileSync(join(dir, 'key.hex'), keyHex);
  const base = fakeWorkspace({
    dir,
    world: options.world ?? sessionWorld(),
    ...(options.deps === undefined ? {} : { deps: options.deps }),
  });
  const hash = (c: string): string => c.repeat(64);
  return {
    ...base,
    fingerprints: {
      sample: hash('a'),
      model: hash('b'),
      vectors: hash('c'),
      index: hash('d'),
      i2i: hash('e'),
      rules: hash('f'),
    },
    ...options.more,
  };
};

export const contextOf = (workspace: Workspace, more: Partial<CommandContext> = {}): CommandContext =>
  fakeContext(workspace, { tools: fakeTools((path, content) => writeFile(path, content)), ...more });

export const runnerFor = (workspace: Workspace): StepRunner => createStepRunner(commands, contextOf(workspace));

export interface Asked {
  readonly command: string;
  readonly args: ArgValues;
  readonly query?: RecallQuery;
}

/** Runs commands as a front end does and records them. */
export const recording = async (
  workspace: Workspace,
  path = join(folder(), 's.jsonl'),
  more: { text?: boolean; resume?: boolean; openJournal?: typeof openJournal } = {},
): Promise<{
  recorder: Recorder;
  ask: (command: string, args: ArgValues, baseQuery?: RecallQuery) => Promise<RecallQuery | undefined>;
  path: string;
}> => {
  const runner = runnerFor(workspace);
  const recorder = await createRecorder({
    path,
    workspace,
    vault: testVault(),
    locks: fileLocks,
    specsOf: runner.specsOf,
    tool: 'recall-tui/test',
    ...more,
  });
  return {
    path,
    recorder,
    ask: async (id, args, baseQuery) => {
      const command = commands.find((one) => one.id === id);
      if (command === undefined) throw new Error(`no command ${id}`);
      const result = await command.run(contextOf(workspace, { baseQuery: baseQuery ?? null }), args);
      recorder.record(id, args, result);
      return result.query;
    },
  };
};

export const replay = (
  session: Session,
  workspace: Workspace,
  more: Partial<ReplayOptions> = {},
): Promise<ReplayReport> =>
  replaySession(session, { workspace, vault: testVault(), runner: runnerFor(workspace), ...more });

/** Ten questions of several kinds about several users, each pinned. */
export const tenSteps = async (workspace: Workspace): Promise<ReadSession> => {
  const { recorder, ask, path } = await recording(workspace);
  for (const [i, mode] of (
    ['model', 'i2i', 'legacy', 'merged', 'model', 'merged', 'model', 'legacy', 'model', 'merged'] as const
  ).entries()) {
    await ask('recall', { user: `u${i % 5}`, mode, k: 8, ef: 150 + i, weight: [`browse=${1 + (i % 3) * 0.5}`] });
    recorder.expect({ kind: 'ids' });
  }
  recorder.close();
  return readSession(path);
};

export const textOf = (path: string): string => readFileSync(path, 'utf8');
