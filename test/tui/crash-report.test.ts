import { describe, expect, it } from 'vitest';
import { RecallError } from '../../src/errors.ts';
import { crashReport } from '../../src/tui/crash-report.ts';
import { runTui } from '../support/tui.ts';
import { smallWorld } from '../support/small-world.ts';

const held = {
  userId: 'CANARY-user',
  query: { context: { city: 'CANARY city' } },
  lists: [{ candidates: [{ title: 'CANARY 智能音箱' }] }],
};

const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('a crash report', () => {
  it('holds no id, attribute, title or query, quoted or not, cut off or over several lines', () => {
    const errors = [
      thrownBy(() => JSON.parse('CANARY-not-json')),
      thrownBy(() => JSON.parse('{"a": "CANARY')),
      new Error('no row for CANARY-user in CANARY city'),
      new RangeError('bad title CANARY 智能音箱\n    at CANARY 智能音箱 (again:1:2)'),
      new RecallError('internal', 'lost CANARY-user', { found: 'CANARY', expected: 'CANARY' }),
      'CANARY-user',
      { text: 'CANARY' },
      new Error('outer', { cause: new Error('CANARY') }),
      new Error("unterminated \"CANARY\n and `CANARY` and 'CANARY'"),
    ];
    for (const error of errors) expect(crashReport(error, held)).not.toMatch(/CANARY|智能音箱/);
  });

  it('keeps what a bug is found by: the kind of error, the property that was missing, the frames', () => {
    const nothing: { readonly title: string }[] = [];
    const error = thrownBy(() => JSON.stringify(Reflect.get(Object(nothing), 0).title));
    const report = crashReport(error, held);
    expect(report).toMatch(
      /^recall-tui crashed\. The terminal is restored\.\nTypeError: Cannot read properties of undefined \(reading 'title'\)\n {4}at /,
    );
    expect(report).toContain('crash-report.test.ts:');
  });

  it('leaves out all text of the screen where the screen crashed', async () => {
    const broken = {
      get baseline(): never {
        throw new Error('it broke on u-01, CANARY');
      },
    };
    const t = await runTui(100, 30, {
      answer: (command, ...rest) =>
        command === 'explain' ? { schema: 'explain', data: broken } : smallWorld(command, ...rest),
    });
    t.stdin.send('\r');
    await t.settle();
    const user = t.store.get().userId ?? 'none';
    t.stdin.send('e');
    expect(await t.exit).toBe(70);
    expect(t.errors.join('')).toContain('recall-tui crashed');
    expect(t.errors.join('')).not.toContain(user);
    expect(t.errors.join('')).not.toMatch(/CANARY/);
  });
});
