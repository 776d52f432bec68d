import type { BranchData } from '../../../src/answers/session.ts';
import { describe, expect, it } from 'vitest';
import { branchView } from '../../../src/views/answers/session/branch-view.ts';
import { lineWidth } from '../../../src/views/text/line.ts';

const list = (ids: readonly string[]) => ({
  kind: 'list' as const,
  ids: [...ids],
  scores: ids.map((_, i) => 1 - i / 10),
  via: 'model',
});
const rows = [
  { adId: 'a', title: '远山 智能灯泡 Iris4 简约款 节能 日落橙 👩‍👩‍👧', recorded: null, present: 1 },
  { adId: 'b', title: '河图 扫地机器人', recorded: 1, present: null },
  { adId: 'c', title: 'kettle', recorded: 2, present: 2 },
];
const data: BranchData = {
  step: 2,
  changed: ['weights.social'],
  prefix: 'ab'.repeat(32),
  written: null,
  sides: [
    { step: 2, command: 'recall', recorded: list(['b', 'c']), branched: list(['a', 'c']), rows },
    { step: 3, command: 'recall', recorded: list(['b']), branched: list(['b']), rows: rows.slice(2) },
  ],
};

describe('the view of a branch', () => {
  it('shows both ranks of every ad that is not where it was, with its title, and says which steps stay the same, at any width', () => {
    for (const width of [40, 80, 120, 200])
      for (const line of branchView(data, width)) expect(lineWidth(line)).toBeLessThanOrEqual(width);
    const text = branchView(data, 100)
      .map((line) => line.map((span) => span.text).join(''))
      .join('\n');
    expect(text).toMatch(/step 2 recall {2}2 ads of 3 entered, left or moved/);
    expect(text).toMatch(/in +- +1 {2}远山 智能灯泡/);
    expect(text).toMatch(/out +1 +- {2}河图 扫地机器人/);
    expect(text).not.toContain('kettle');
    expect(text).toMatch(/step 3 recall {2}the same/);
  });
});
