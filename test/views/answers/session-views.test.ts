import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/answers/answers.ts';
import type { StepOutcome } from '../../../src/answers/session.ts';
import { linesOf } from '../../../src/views/answers/answer-views.ts';
import { renderPlain } from '../../../src/views/text/render.ts';

const shown = (result: Result): string => renderPlain(linesOf(result, 100)).join('\n');

const outcome: StepOutcome = {
  step: 3,
  command: 'why-not',
  status: 'fail',
  failures: [{ kind: 'verdict', message: 'the verdict is recalled, expected quota' }],
  recorded: { kind: 'verdict', verdict: 'quota', rank: null, channel: 'model' },
  present: { kind: 'verdict', verdict: 'recalled', rank: 7, channel: null },
  edited: [],
  notes: [],
  pinned: true,
};
const first = {
  step: 3,
  command: 'why-not',
  status: 'fail' as const,
  failures: outcome.failures,
  cause: { kind: 'unit' as const, names: ['rules'], proved: true, text: 'the legacy rules' },
};

describe('an answer about a session in words', () => {
  it('says that a recording begins, and how many steps it holds at its end', () => {
    expect(shown({ schema: 'record', data: { session: 'a.jsonl', recording: true, steps: 0 } })).toBe(
      'Recording to a.jsonl; record without a file ends it.',
    );
    expect(shown({ schema: 'record', data: { session: 'a.jsonl', recording: false, steps: 1 } })).toBe(
      'Recorded 1 step to a.jsonl.',
    );
  });

  it('repeats a note, and what a pin will check', () => {
    expect(shown({ schema: 'note', data: { note: 'the lamp', session: 'a.jsonl' } })).toBe(
      'Note written to a.jsonl:\nthe lamp',
    );
    expect(
      shown({ schema: 'expect', data: { step: 2, expected: 'ids', claim: 'its ads in their order', session: 'a' } }),
    ).toBe('Step 2 now expects: its ads in their order.\nPinned in a.');
  });

  it('lists the answers of a script by line, with user and exit code', () => {
    const note: Result = { schema: 'note', data: { note: 'x', session: 's' }, exitCode: 1 };
    const text = shown({ schema: 'exec', data: { lines: 2, answers: [note] } });
    expect(text).toContain('2 lines run, 1 answer.');
    expect(text).toMatch(/1 +note +1$/);
  });

  it('lists sessions with the reason of those that cannot be read, and those that were cut off', () => {
    const row = { path: 'a.jsonl', note: 'lamp', steps: 4, expectations: 2, commands: ['recall'], tool: '', bytes: 9 };
    const text = shown({
      schema: 'sessions',
      data: {
        sessions: [
          { ...row, problem: null },
          { ...row, path: 'b.jsonl', problem: 'no header' },
        ],
        folders: ['sessions'],
        lost: ['live-1.jsonl'],
      },
    });
    expect(text).toContain('2 sessions in 1 folder.');
    expect(text).toMatch(/a\.jsonl +4 +2 +recall +lamp/);
    expect(text).toMatch(/b\.jsonl .*no header/);
    expect(text).toContain('Cut off (continue with resume): live-1.jsonl');
  });

  it('shows each undecided divergence with both answers and the cause, then how to decide', () => {
    const data = { file: 'a.jsonl', differing: [], first, pending: [outcome], decided: [], written: false };
    expect(shown({ schema: 'review', data })).toBe(
      [
        'a.jsonl: 1 undecided divergence.',
        'Same artefacts as recorded.',
        'step 3 why-not: the verdict is recalled, expected quota',
        'recorded: quota; now: recalled at rank 7',
        'Cause of step 3: the legacy rules (proved by a run)',
        'Decide with --accept STEP --why TEXT, or --reject STEP.',
      ].join('\n'),
    );
    const settled = {
      ...data,
      pending: [],
      decided: [{ step: 3, verb: 'accept' as const, why: 'new rules' }],
      written: true,
    };
    expect(shown({ schema: 'review', data: settled })).toBe(
      [
        'a.jsonl: no undecided divergence. 1 decision written.',
        'Same artefacts as recorded.',
        'step 3 accepted: new rules',
      ].join('\n'),
    );
  });

  it('shows the steps a failing session was shrunk to, and what fails in them', () => {
    const data = {
      before: 40,
      after: 2,
      step: 3,
      kinds: ['verdict'],
      tried: 12,
      steps: [
        { step: 1, command: 'recall' },
        { step: 3, command: 'why-not' },
      ],
      first,
      written: 'small.jsonl',
    };
    expect(shown({ schema: 'minimise', data })).toBe(
      [
        '40 steps reduced to 2: step 3 still fails (verdict).',
        'Steps: 1 recall, 3 why-not.',
        'the verdict is recalled, expected quota',
        'Cause of step 3: the legacy rules (proved by a run)',
        '12 subsets run.',
        'Written to small.jsonl.',
      ].join('\n'),
    );
  });
});
