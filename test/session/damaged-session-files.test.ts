import { createWriteStream, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RecallError } from '../../src/errors.ts';
import { readSession } from '../../src/session/read.ts';
import { folder, replay, sessionWorkspace, tenSteps, textOf } from './support.ts';

const refusal = async (content: string | Buffer): Promise<RecallError> => {
  const path = join(folder(), 'hostile.jsonl');
  writeFileSync(path, content);
  try {
    await readSession(path);
  } catch (error) {
    if (error instanceof RecallError) return error;
    throw error;
  }
  throw new Error('it was read');
};

describe('a session file', () => {
  it('gives the same steps with a BOM, CRLF and blank lines as without', async () => {
    const session = await tenSteps(sessionWorkspace());
    const path = join(folder(), 'windows.jsonl');
    writeFileSync(path, `\ufeff${textOf(session.path).replaceAll('\n', '\r\n\r\n')}`);
    const { path: _, lines: at, ...read } = await readSession(path);
    const { path: __, lines, ...plain } = session;
    expect(read).toEqual(plain);
    // A blank line after each: line n of the plain file is line 2n - 1.
    expect([...at]).toEqual([...lines].map(([step, line]) => [step, 2 * line - 1]));
    expect((await replay({ ...plain }, sessionWorkspace())).failed).toBe(0);
  });

  it('fails with the line, expected and found where it is no session', async () => {
    const header = textOf((await tenSteps(sessionWorkspace())).path).split('\n')[0] ?? '';
    const hostile: ReadonlyArray<readonly [string | Buffer, RegExp]> = [
      ['', /no session/],
      ['not json\n', /:1: not JSON/],
      ['{"format":"recall-tui/session@9"}\n', /version that this program does not know/],
      ['{"format":"something"}\n', /:1: not a session/],
      ['[]\n', /:1: not a session/],
      ['null\n', /:1: not a session/],
      ['{"format":"__proto__"}\n', /not a session/],
      ['{"format":"recall-tui/session@1","artefacts":3}\n', /:1: not a header/],
      [`${header}\n{"step":"one","command":"recall"}\n`, /:2: not a step/],
      [`${header}\n{"step":1,"command":"recall"}\n{"step":1,"command":"recall"}\n`, /:3: step 1 occurs twice/],
      [`${header}\n{"step":1,"command":["recall"]}\n`, /:2: not a step/],
      [`${header}\n{"step":1,"command":"recall","expect":{"rbo":{"ids":[],"atLeast":7}}}\n`, /:2: not a step/],
      [`${header}\n{"amends":4,"note":"x"}\n`, /:2: the amended step 4 does not exist/],
      [`${header}\n${'['.repeat(200_000)}\n`, /:2: nested deeper/],
      [
        `${header}\n{"step":1,"command":"recall","args":${'{"a":'.repeat(90_000)}1${'}'.repeat(90_000)}}\n`,
        /:2: nested deeper/,
      ],
      [Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe, 0x0a]), /:1: not JSON/],
      ['\u001b[2J\u001b]0;owned\u0007\n', /:1: not JSON/],
    ];
    for (const [content, message] of hostile) {
      const error = await refusal(content);
      expect(error.code).toBe('bad-input');
      expect(error.message).toMatch(message);
      expect(error.lines().join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    }
  });

  it('replays a malformed step as a failed step, not a crash', async () => {
    const workspace = sessionWorkspace();
    const session = await tenSteps(workspace);
    const [one] = session.steps;
    if (one === undefined) throw new Error('no step');
    const hostile = [
      { ...one, command: 'import' },
      { ...one, command: '\u001b[2J' },
      { ...one, command: 'replay' },
      { ...one, query: { userId: 'user:0000' } },
      { ...one, query: { ...one.query, userId: one.query?.userId ?? '', k: 'many' } },
      {
        ...one,
        query: {
          ...one.query,
          userId: one.query?.userId ?? '',
          extraEvents: [{ kind: 'search', at: 0, query: 'sealed:AAAA' }],
        },
      },
      { ...one, query: { ...one.query, userId: one.query?.userId ?? '', excludedEvents: [5] } },
      { ...one, args: { user: 'user:ffff' } },
    ];
    const report = await replay(
      { ...session, steps: hostile.map((step, i) => ({ ...step, step: i + 1 })) },
      workspace,
      { cause: false },
    );
    expect(report.outcomes.map(({ status }) => status)).toEqual(hostile.map(() => 'fail'));
    expect(JSON.stringify(report)).not.toContain('\u001b');
  });

  it('fails at 100 MB without a line end before it fills the memory, and loads with lines', async () => {
    const path = join(folder(), 'big.jsonl');
    const header = textOf((await tenSteps(sessionWorkspace())).path).split('\n')[0] ?? '';
    const out = createWriteStream(path);
    out.write(`${header}\n`);
    const block = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 100; i += 1) if (!out.write(block)) await once(out, 'drain');
    out.end();
    await once(out, 'finish');
    await expect(readSession(path)).rejects.toThrow(/:2: the line is longer than 16 MB/);
    const lines = createWriteStream(path);
    lines.write(`${header}\n`);
    for (let i = 1; i <= 100; i += 1)
      if (!lines.write(`${JSON.stringify({ step: i, command: 'recall', padding: block })}\n`))
        await once(lines, 'drain');
    lines.end();
    await once(lines, 'finish');
    expect((await readSession(path)).steps.length).toBe(100);
  });
});
