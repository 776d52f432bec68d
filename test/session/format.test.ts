import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { headerSchema, sessionText, stepSchema } from '../../src/session/format.ts';
import { readSession } from '../../src/session/read.ts';
import { createVault } from '../../src/session/vault.ts';
import { commands } from '../../src/commands/registry.ts';
import {
  canaryWorld,
  contextOf,
  folder,
  recording,
  replay,
  sessionWorkspace,
  tenSteps,
  testVault,
  textOf,
} from './support.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe('the session format', () => {
  it('reads @1 forever: the committed example gives the same steps, expectations and notes', async () => {
    const { header, steps, notices } = await readSession(here('session-v1.jsonl'));
    expect(notices).toEqual([]);
    expect(header.note).toBe('an example of version 1');
    expect(steps.map(({ step, command }) => [step, command])).toEqual([
      [1, 'recall'],
      [2, 'why-not'],
      [3, 'recall'],
    ]);
    expect(steps[0]?.expect).toMatchObject({ rbo: { atLeast: 0.9 }, present: [{ adId: 'ad-0001', rank: 3 }] });
    expect(steps[1]).toMatchObject({ expect: { verdict: 'below-cutoff' }, notes: ['pinned later'] });
    expect(steps[2]?.history?.[0]).toMatchObject({ decision: 'accepted', why: 'checked by hand' });
  });

  it('keeps unknown fields through a rewrite', async () => {
    const session = await readSession(here('session-v1.jsonl'));
    const path = join(folder(), 's.jsonl');
    writeFileSync(path, sessionText(session));
    const again = await readSession(path);
    expect({ header: again.header, steps: again.steps }).toEqual({ header: session.header, steps: session.steps });
    expect(again.header['team']).toBe('recall');
    expect(again.steps[0]?.['ticket']).toBe('BUG-1');
    expect(again.steps[0]?.query?.['futureKnob']).toBe(7);
    expect(again.steps[0]?.expect?.rbo?.['weighting']).toBe('linear');
  });

  it('never meets an expectation of an unknown kind', async () => {
    const workspace = sessionWorkspace();
    const session = await tenSteps(workspace);
    const steps = session.steps.map((step) =>
      step.step === 4 ? { ...step, expect: { ...step.expect, novelty: 0.5 } } : step,
    );
    expect((await replay({ ...session, steps }, workspace, { cause: false })).first).toMatchObject({
      step: 4,
      failures: [{ kind: 'novelty' }],
    });
  });

  it('holds every line that the recorder writes', async () => {
    const [header, ...steps] = textOf((await tenSteps(sessionWorkspace())).path)
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(headerSchema.safeParse(header).success).toBe(true);
    expect(steps.length).toBe(20);
    for (const step of steps)
      if (typeof step === 'object' && step !== null && 'step' in step)
        expect(stepSchema.safeParse(step).success).toBe(true);
  });
});

describe('a sealed session', () => {
  it('holds no attribute, title, query or id of a user or event, nor does the report of its replay', async () => {
    const world = canaryWorld();
    const workspace = sessionWorkspace({ world });
    const { recorder, ask, path } = await recording(workspace);
    const user = world.users[1]?.userId ?? '';
    const query = await ask('recall', { user, search: ['CANARY search text'], context: ['city=CANARY-city'] });
    const event = workspace.store.events(user, { before: query?.asOf ?? 0, limit: 1 })[0]?.eventId ?? '';
    await ask('recall', { user, exclude: [event] });
    const withPeer = {
      ...query,
      extraEvents: [{ kind: 'friend', at: (query?.asOf ?? 0) - 5, peerId: world.users[2]?.userId ?? '' }],
    };
    if (query !== undefined) await ask('recall', { user }, { ...query, ...withPeer });
    for (const id of ['why-not', 'explain', 'counterfactual', 'search-path']) {
      if (commands.some((one) => one.id === id) && id !== 'search-path')
        await ask(id, { user, ad: world.ads[3]?.adId ?? '' });
    }
    await ask('compare', { user, with: world.users[3]?.userId ?? '' });
    await ask('users', { match: 'CANARY' });
    await ask('events', { user });
    await ask('inputs', { user });
    await ask('ad', { ad: world.ads[3]?.adId ?? '' });
    recorder.close();
    expect(textOf(path)).not.toMatch(/CANARY/i);
    const session = await readSession(path);
    expect(session.steps.length).toBeGreaterThanOrEqual(11);
    const report = await replay(session, workspace);
    expect({ failed: report.failed, changed: report.changed }).toEqual({ failed: 0, changed: 0 });
    expect(JSON.stringify(report)).not.toMatch(/CANARY/i);
    const { junitXml, annotations } = await import('../../src/session/report-files.ts');
    const broken = await replay(
      { ...session, steps: session.steps.map((step) => ({ ...step, expect: { ids: ['none'] } })) },
      workspace,
    );
    const reports = [{ file: path, report: broken, error: null, seconds: 1, lines: session.lines }];
    expect(junitXml(reports) + annotations(reports).join('\n')).not.toMatch(/CANARY/i);
    expect(annotations(reports)[0]).toMatch(/^::error file=.*,line=2,title=.*::step 1 \(recall\)/);
  });

  it('shows searched text and context only with --with-text, and never an id', async () => {
    const world = canaryWorld();
    const { recorder, ask, path } = await recording(sessionWorkspace({ world }), undefined, { text: true });
    await ask('recall', {
      user: world.users[1]?.userId ?? '',
      search: ['red CANARY-search'],
      context: ['city=CANARY-city'],
    });
    recorder.close();
    expect(textOf(path).match(/CANARY-[a-z]+/g)).toEqual(['CANARY-city', 'CANARY-search']);
  });

  it('replays with the key only, and says which key it wants', async () => {
    const workspace = sessionWorkspace();
    const session = await tenSteps(workspace);
    await expect(replay(session, workspace, { vault: createVault(Buffer.alloc(32, 7)) })).rejects.toThrow(
      /another workspace's key/,
    );
  });

  it('opens its text as it was, and not at all once a byte is changed', () => {
    const vault = testVault();
    for (const text of ['', '智能音箱 👩‍👩‍👧', 'x'.repeat(5000)]) {
      const sealed = vault.seal(text);
      expect(vault.open(sealed)).toBe(text);
      expect(vault.seal(text)).toBe(sealed);
      const at = 9 + (sealed.length % 7);
      const bent = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => vault.open(bent)).toThrow(/cannot be opened/);
    }
  });

  it('replays by the commands as exec recorded it, files and all', async () => {
    const workspace = sessionWorkspace();
    const dir = folder();
    const script = join(dir, 'script');
    const { candidates } = await workspace.engine.recall({
      ...workspace.engine.defaultQuery(
        { ...workspace.manifest.defaults, rules: workspace.rules, asOf: workspace.manifest.asOf },
        'u1',
      ),
      k: 6,
    });
    writeFileSync(
      script,
      `# a bug\nnote the smart lamp\nrecall u1 -k 6\nexpect ids\n:expect present ${candidates[2]?.adId ?? ''} --rank 4\nrecall u1 --weight browse=0\nexpect against 1 --at-most 1\nwhy-not u2 ad-0014\nexpect verdict\ncompare u3 --modes legacy,i2i\n`,
    );
    const context = contextOf(workspace);
    const run = async (
      id: string,
      args: Record<string, string | readonly string[]>,
    ): Promise<{ exitCode?: number; data: object }> => {
      const command = commands.find((one) => one.id === id);
      if (command === undefined) throw new Error(id);
      return command.run(context, args);
    };
    const path = join(dir, 's.jsonl');
    await run('exec', { file: script, record: path });
    expect(textOf(path).trim().split('\n').length).toBe(5);
    const session = await readSession(path);
    expect(session.header.note).toBe('the smart lamp');
    expect(session.steps[3]?.other).toBeDefined();
    const replayed = await run('replay', { session: [path], junit: join(dir, 'junit.xml') });
    expect(replayed.data).toMatchObject({ unusable: 0, changed: 0 });
    expect(textOf(join(dir, 'junit.xml'))).toContain('<testsuite name=');
    expect((await run('replay', { session: [path, script] })).exitCode).toBe(2);
    expect((await run('sessions', { dir: [dir], match: 'smart lamp' })).data).toMatchObject({
      sessions: [{ steps: 4, expectations: 3 }],
    });
  });
});
