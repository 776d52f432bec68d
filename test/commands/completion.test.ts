import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { completionScript } from '../../src/commands/completion-scripts.ts';
import { commands } from '../../src/commands/registry.ts';

/** What bash offers for a line, asked of bash itself. */
const offered = (line: string): string[] => {
  const words = line.split(' ');
  const probe = `${completionScript('bash', commands)}\nCOMP_WORDS=(${words.map((w) => `'${w}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_recall_tui\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', probe], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((w) => w !== '');
};

describe('completion in bash', () => {
  it('offers commands, then the options of the one typed', () => {
    expect(offered('recall-tui reca')).toEqual(['recall']);
    expect(offered('recall-tui recall u1 --check')).toEqual(['--check-ann']);
    expect(offered('recall-tui -w shop recall u1 --wei')).toEqual(['--weight']);
    expect(offered('recall-tui doctor --wei')).toEqual([]);
  });

  it('offers the values of an option that has a closed list', () => {
    expect(offered('recall-tui recall u1 --mode m')).toEqual(['model', 'merged']);
    expect(offered('recall-tui counterfactual u1 ad --by ')).toEqual(['weights', 'events']);
    expect(offered('recall-tui import movie')).toEqual(['movielens']);
  });
});
