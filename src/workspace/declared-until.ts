import type { Manifest } from './manifest/manifest.ts';

/**
 * The instant a workspace says its artefacts are to be built until, ms: `trainUntil` (its own or its import's), else the
 * default as-of, so that what is built does not know what is asked of it; null when it names none.
 */
export const declaredUntil = (manifest: Manifest): number | null => {
  const told = [Reflect.get(manifest, 'trainUntil'), manifest.import?.['trainUntil'], manifest.asOf].find(
    (t) => typeof t === 'number',
  );
  return typeof told === 'number' ? told : null;
};
