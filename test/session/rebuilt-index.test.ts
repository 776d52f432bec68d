import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.ts';
import { readSession } from '../../src/session/read.ts';
import { buildIndexArtefacts } from '../../src/workspace/index-artefacts.ts';
import { defaultIndexOptions } from '../../src/workspace/index-options.ts';
import { openWorkspaceAt } from '../../src/workspace/open.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { openDemo, testTools } from '../support/demo.ts';
import { folder, recording, replay } from './support.ts';

const seeds = [100, 7] as const;
const workspaces: Workspace[] = [];

/** The demo with its index built anew under a seed: model, sample and options stay. */
const seededDemo = async (from: string, seed: number): Promise<Workspace> => {
  const dir = join(folder(), 'demo');
  cpSync(from, dir, { recursive: true });
  await buildIndexArtefacts(dir, testTools, { ...defaultIndexOptions, seed, until: null });
  return openWorkspaceAt(dir, { tools: testTools, createEngine });
};

beforeAll(async () => {
  const demo = await openDemo();
  await demo.close();
  for (const seed of seeds) workspaces.push(await seededDemo(demo.dir, seed));
}, 300_000);

afterAll(async () => {
  for (const workspace of workspaces) await workspace.close();
});

describe('an index rebuilt under another seed', () => {
  it('raises no alarm where an RBO was expected, in 60 questions on a real graph, and is named as what differs', async () => {
    const [first, ...others] = workspaces;
    if (first === undefined) throw new Error('no workspace');
    const { recorder, ask, path } = await recording(first);
    for (const [i, { userId }] of first.store.listUsers({ limit: 30 }).entries()) {
      for (const mode of ['model', 'merged']) {
        await ask('recall', { user: userId, mode, k: 50, ef: i % 2 === 0 ? 50 : 200 });
        recorder.expect({ kind: 'rbo', atLeast: 0.9 });
      }
    }
    recorder.close();
    const session = await readSession(path);
    expect(session.steps.length).toBe(60);
    for (const other of others) {
      expect(other.fingerprints.index).not.toBe(first.fingerprints.index);
      const report = await replay(session, other);
      expect(report.differing.map(({ unit }) => unit)).toEqual(['graph']);
      expect(report.outcomes.filter(({ status }) => status !== 'pass')).toEqual([]);
    }
  }, 300_000);
});
