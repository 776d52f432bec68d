import { readJson } from '../../../base/json.ts';
import type { SampleMapping } from '../../../domain/sample/mapping.ts';
import { RecallError } from '../../../errors.ts';
import type { DerivedSample, OpenedSample } from '../../../engine/ports/artefacts.ts';
import { endable } from '../../../base/endable.ts';
import { guardStatements } from '../guard-statements.ts';
import { openCatalog } from '../catalog.ts';
import { checkPacked } from '../check-packed.ts';
import { readMeta } from '../open.ts';
import { packedReader } from '../packed.ts';
import { openStore } from '../store.ts';
import { openTextIndex } from '../text-index.ts';
import { derivedFormat } from './cache-schema.ts';
import { derivedFrom } from './derived-from.ts';
import { namingFailure } from './damaged.ts';
import { attachCache, openSource } from './open-source.ts';
import { createSampleViews, mappedNames } from './views.ts';

/**
 * A team's file as a sample, with what `deriveMapped` made of it. Throws `bad-sample`; `artefact-changed` where the
 * derived file is damaged.
 */
export const openMapped = (
  path: string,
  mapping: SampleMapping,
  derived: string,
): OpenedSample & { readonly derived: DerivedSample } => {
  const { db, views } = openSource(path, mapping);
  // A statement of a team's may take its time at each question.
  guardStatements(db, (error) => namingFailure(db, path, views, error), endable);
  try {
    attachCache(db, derived);
    const meta = readMeta(db, derived, 'recall_cache.meta', derivedFormat);
    const told = derivedFrom(
      readJson(db.prepare<[], string>("SELECT value FROM recall_cache.meta WHERE key = 'derived'").pluck().get() ?? ''),
    );
    createSampleViews(db, views);
    db.pragma('query_only = ON');
    const packed = packedReader(db, derived, mappedNames.columns);
    const { catalog, categories } = openCatalog(db, packed, meta.ads, mappedNames);
    return {
      store: openStore(db, packed, meta, categories, mappedNames),
      catalog,
      text: openTextIndex(db, mappedNames),
      derived: told,
      // Where a page of the derived file is damaged, its hash is another, and it is derived again.
      check: () => checkPacked(packed, meta, derived),
      close: () => {
        db.close();
      },
    };
  } catch (cause) {
    db.close();
    throw new RecallError('artefact-changed', `what was derived from ${path} is damaged`, {
      expected: derived,
      found: cause instanceof Error ? cause.message : String(cause),
      todo: 'remove it: it is derived again',
      cause,
    });
  }
};
