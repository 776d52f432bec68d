import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { completionScript } from '../../src/console/completion-scripts.ts';
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
    expect(offered('recall-tui config l')).toEqual(['locate']);
    expect(offered('recall-tui recall u1 --format c')).toEqual(['csv']);
    expect(offered('recall-tui --format m')).toEqual(['md']);
  });
});

const shellThere = (name: string): boolean => spawnSync(name, ['-c', 'exit 0']).status === 0;

describe('completion in other shells', () => {
  it.skipIf(!shellThere('fish'))('offers commands, options and choices in fish', () => {
    const asked = (line: string): string[] => {
      const { stdout, stderr } = spawnSync(
        'fish',
        [
          '--no-config',
          '-c',
          `source (echo $argv[1] | psub); complete -C $argv[2]`,
          completionScript('fish', commands),
          line,
        ],
        { encoding: 'utf8' },
      );
      expect(stderr).toBe('');
      return stdout
        .split('\n')
        .map((l) => l.split('\t')[0] ?? '')
        .filter((w) => w !== '');
    };
    expect(asked('recall-tui why')).toEqual(['why-not']);
    expect(asked('recall-tui config ')).toEqual(expect.arrayContaining(['locate', 'check', 'show']));
    expect(asked('recall-tui recall u --mode m')).toEqual(expect.arrayContaining(['merged', 'model']));
  });

  it.skipIf(!shellThere('zsh'))('is known to zsh, with its completion system started or not', () => {
    const { stdout, stderr } = spawnSync(
      'zsh',
      ['-f', '-c', `${completionScript('zsh', commands)}\nprint \${_comps[recall-tui]}`],
      { encoding: 'utf8' },
    );
    expect([stdout.trim(), stderr]).toEqual(['_bash_complete -o default -F _recall_tui', '']);
  });
});
