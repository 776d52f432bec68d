import type { FileHash } from './artefact-file.ts';
import { indexFiles } from './indexes/index.ts';
import type { Manifest } from './manifest/manifest.ts';

const modelName = /^model(?:-[0-9a-f]{12})?$/;
const adsName = /^ads(?:-built)?(?:-[0-9a-f]{12})?\.\w+$/;

/**
 * What a manifest names that `train` and `index` have made, under the names they give: theirs to remove when a manifest
 * names another. A team's own files say of nothing what they were built from.
 */
export const builtFiles = ({ model, vectors, index, i2i }: Manifest): FileHash[] => {
  const ofModel = model?.kind === 'two-tower' ? [{ file: model.dir, sha256: model.sha256 }] : [];
  const ownVectors = vectors !== null && vectors.ids === null && vectors.builtFrom.model !== null ? [vectors] : [];
  const ofIndex =
    index !== null && index.labels === null && index.builtFrom.vectors !== null
      ? indexFiles(index).map(({ path, sha256 }) => ({ file: path, sha256 }))
      : [];
  return [
    ...ofModel.filter(({ file }) => modelName.test(file)),
    ...[...ownVectors, ...ofIndex, ...(i2i === null ? [] : [i2i])].filter(({ file }) => adsName.test(file)),
  ].map(({ file, sha256 }) => ({ file, sha256 }));
};

/** A name that `train` or `index` gives, in the workspace itself: nothing else is ever theirs to remove, whoever names it. */
export const isBuiltName = (file: string): boolean => modelName.test(file) || adsName.test(file);

export const isModelFile = ({ file }: FileHash): boolean => modelName.test(file);

/** The manifest of an import that drops artefacts says which files are still there, for `train` and `index` to clear. */
export const withLeft = (old: Manifest | null, next: Manifest): Manifest => {
  if (old === null) return next;
  const named = builtFiles(next).map(({ file }) => file);
  const left = [...builtFiles(old), ...(old.left ?? [])].filter(({ file }) => !named.includes(file));
  return left.length === 0 ? next : { ...next, left };
};
