import type { OpenedSample } from '../../engine/ports/artefacts.ts';
import { openCatalog } from './catalog.ts';
import { checkPacked } from './check-packed.ts';
import { checkPages, openChecked } from './open.ts';
import { packedReader } from './packed.ts';
import { nativeNames } from './schema.ts';
import { openStore } from './store.ts';
import { openTextIndex } from './text-index.ts';

export { createSample } from './writer.ts';

/** Opens `sample.sqlite` read-only. Columns are read at their first use. Throws `bad-sample`. */
export const openSample = (path: string): OpenedSample => {
  const { db, meta } = openChecked(path);
  const packed = packedReader(db, path, nativeNames.columns);
  const { catalog, categories } = openCatalog(db, packed, meta.ads, nativeNames);
  return {
    store: openStore(db, packed, meta, categories, nativeNames),
    catalog,
    text: openTextIndex(db, nativeNames),
    check: ({ pages }) => {
      checkPacked(packed, meta, path);
      if (pages) checkPages(db, path);
    },
    close: () => {
      db.close();
    },
  };
};
