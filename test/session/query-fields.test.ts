import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import { junitXml } from '../../src/session/report-files.ts';
import { contextOf, folder, replay, sessionWorkspace, tenSteps, textOf } from './support.ts';

/** A value of each knob of a query that is not the recorded one. */
const others: Readonly<Record<string, unknown>> = {
  asOf: 1,
  k: 2,
  ef: 1,
  mode: 'popular-only',
  weights: { browse: 3.5 },
  context: { promo: 'other' },
  excludedEvents: ['event:00'],
  extraEvents: [{ kind: 'search', at: 1, query: 'x' }],
  disabled: ['model'],
  rules: { order: ['popular'] },
  merge: { order: ['popular'], quota: { popular: 1 } },
  eligibility: false,
  userId: 'user:00',
};

describe('every field of a query', () => {
  it('is named as the cause where it is changed in the file at step 7 and fails there', async () => {
    const workspace = sessionWorkspace();
    const session = await tenSteps(workspace);
    expect(Object.keys(session.steps[6]?.query ?? {}).sort()).toEqual(Object.keys(others).sort());
    for (const [knob, value] of Object.entries(others)) {
      const steps = session.steps.map((step) =>
        step.step === 7 && step.query !== undefined
          ? {
              ...step,
              query: { ...step.query, userId: step.query.userId, [knob]: value },
              expect: { ids: ['no-such-ad'] },
            }
          : step,
      );
      const { first } = await replay({ ...session, steps }, workspace);
      expect({ knob, step: first?.step, kind: first?.cause.kind, names: first?.cause.names }).toEqual({
        knob,
        step: 7,
        kind: 'knob',
        names: [knob],
      });
    }
  });
});

const run = async (
  id: string,
  args: Record<string, string | number | boolean | readonly string[]>,
  env: Record<string, string> = {},
) => {
  const command = commands.find((one) => one.id === id);
  if (command === undefined) throw new Error(id);
  return command.run(contextOf(sessionWorkspace(), { env }), args);
};

describe('a step whose query has a field that this version does not know', () => {
  it('fails, and the field is named', async () => {
    const workspace = sessionWorkspace();
    const session = await tenSteps(workspace);
    const steps = session.steps.map((step) =>
      step.step === 7 && step.query !== undefined
        ? { ...step, query: { ...step.query, userId: step.query.userId, wieghts: { browse: 2 } } }
        : step,
    );
    const { first } = await replay({ ...session, steps }, workspace);
    expect(first?.step).toBe(7);
    expect(JSON.stringify(first)).toContain('wieghts: unknown field');
  });
});

describe('the replay for CI', () => {
  it('exits 0 when all steps pass, 1 on a regression, 2 on a file that is no session; annotates on GitHub only', async () => {
    const session = await tenSteps(sessionWorkspace());
    const broken = join(folder(), 'broken.jsonl');
    writeFileSync(broken, textOf(session.path).replace(/("step":4,.*)"k":8/, '$1"k":3'));
    const none = join(folder(), 'none.jsonl');
    writeFileSync(none, 'not a session\n');
    expect((await run('replay', { session: [session.path] })).exitCode).toBe(0);
    const failing = await run('replay', { session: [session.path, broken] }, { GITHUB_ACTIONS: 'true' });
    expect(failing.exitCode).toBe(1);
    // Line 1 is the header, and each step before it is followed by the amendment that pins it.
    expect(textOf(broken).split('\n')[7]).toMatch(/^{"step":4,/);
    expect(failing.annotations).toEqual([
      expect.stringMatching(
        /^::error file=.*broken\.jsonl,line=8,title=recall session diverges::step 4 \(recall\): .*Cause: changed in the file since it was recorded: k/,
      ),
    ]);
    expect((await run('replay', { session: [broken] })).annotations).toEqual([]);
    expect((await run('replay', { session: [broken, none] })).exitCode).toBe(2);
  });

  it('writes XML that no id or message can break', () => {
    const xml = junitXml([
      { file: 'a"<b>&\u0000\u001b.jsonl', report: null, error: '<x> & "y" \u0007', seconds: 0, lines: new Map() },
    ]);
    expect(xml).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(xml).toContain('errors="1"');
    expect(xml.replace(/<\/?(?:testsuites|testsuite|testcase|error|\?xml)\b[^<>]*>/g, '').trim()).toBe('');
  });
});
