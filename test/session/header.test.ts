import { describe, expect, it } from 'vitest';
import { headerSchema } from '../../src/session/format.ts';
import { headerOf } from '../../src/session/header.ts';
import { manifestSchema } from '../../src/workspace/manifest/manifest.ts';
import { sessionWorkspace, testVault } from './support.ts';

describe('the header of a recording', () => {
  it('names the kind of user model that answered, and none where there is none; older headers lack it', () => {
    const workspace = sessionWorkspace();
    const options = { tool: 'recall-tui/test', note: '', text: false };
    const model = {
      kind: 'vectors',
      file: 'user.npy',
      sha256: 'b'.repeat(64),
      dim: 16,
      ids: { file: 'ids.txt', sha256: 'c'.repeat(64) },
    };
    const withVectors = { ...workspace, manifest: manifestSchema.parse({ ...workspace.manifest, model }) };
    const header = headerOf(withVectors, testVault(), options);
    expect(header.modelKind).toBe('vectors');
    expect(
      headerOf({ ...workspace, manifest: { ...workspace.manifest, model: null } }, testVault(), options).modelKind,
    ).toBeNull();
    const { modelKind: _, ...older } = header;
    expect(headerSchema.parse(JSON.parse(JSON.stringify(older)))).toEqual(older);
  });
});
