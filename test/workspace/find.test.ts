import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findWorkspace } from '../../src/workspace/find.ts';
import { temporaryFolder } from '../support/vectors.ts';

const folderWithManifest = (): string => {
  const dir = temporaryFolder('find');
  writeFileSync(join(dir, 'recall.json'), '{}');
  return dir;
};

describe('the search for a workspace', () => {
  it('follows -w before the environment, the environment before the folders upward, and ends at the demo', () => {
    const [a, b, c] = [folderWithManifest(), folderWithManifest(), folderWithManifest()];
    const below = join(c, 'x', 'y');
    mkdirSync(below, { recursive: true });
    expect(findWorkspace({ dir: a, cwd: below, env: { RECALL_TUI_WORKSPACE: b } })).toEqual({ how: 'option', dir: a });
    expect(findWorkspace({ cwd: below, env: { RECALL_TUI_WORKSPACE: b } })).toEqual({ how: 'environment', dir: b });
    expect(findWorkspace({ cwd: below, env: {} })).toEqual({ how: 'upward', dir: c });
    expect(findWorkspace({ cwd: temporaryFolder('none'), env: { RECALL_TUI_WORKSPACE: '' } })).toEqual({ how: 'demo' });
  });

  it('takes the path of the manifest itself, and a path relative to the current folder', () => {
    const a = folderWithManifest();
    expect(findWorkspace({ dir: 'recall.json', cwd: a, env: {} })).toEqual({ how: 'option', dir: a });
    expect(findWorkspace({ dir: '.', cwd: a, env: {} })).toEqual({ how: 'option', dir: a });
  });

  it('gives the bundled demo for the word demo, in any folder', () => {
    expect(
      findWorkspace({ dir: 'demo', cwd: folderWithManifest(), env: { RECALL_TUI_WORKSPACE: folderWithManifest() } }),
    ).toEqual({ how: 'demo' });
  });

  it('never falls back silently: a named folder without a workspace is an error', () => {
    expect(() => findWorkspace({ dir: temporaryFolder('empty'), cwd: folderWithManifest(), env: {} })).toThrow(
      /-w names no workspace/,
    );
    expect(() => findWorkspace({ cwd: folderWithManifest(), env: { RECALL_TUI_WORKSPACE: '/nowhere' } })).toThrow(
      /RECALL_TUI_WORKSPACE names no workspace/,
    );
  });
});
