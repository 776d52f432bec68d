import { z } from 'zod';
import { vectorsAbilities } from '../../domain/external-model.ts';
import type { VectorsSpec } from '../../domain/external-model.ts';
import type { LoadedModel } from '../../engine/ports/artefacts.ts';
import { examineExternal } from '../doctor/external-model.ts';
import { externalFields, sha256 } from './fields.ts';
import { modelKind } from './kind.ts';
import { placeOf } from '../places.ts';

const schema = z.looseObject({
  ...externalFields,
  kind: z.literal('vectors'),
  /** User vectors as `.npy` or `.fvecs`. */
  file: z.string(),
  /** One user id a line, in the order of the rows. */
  ids: z.looseObject({ file: z.string(), sha256 }),
  /** Scale each to unit length. */
  normalise: z.boolean().default(true),
});

/** Line i of the ids is row i of the vectors. */
type OpenUserVectors = (path: string, idsPath: string, spec: VectorsSpec) => Promise<LoadedModel>;

/** Precomputed user vectors in a file: the user's own row answers every query. */
export const vectors = modelKind({
  schema,
  title: 'the user vectors',
  path: ({ file }) => file,
  folder: false,
  companions: ({ ids }) => [
    { name: 'user ids', title: 'the ids of the user vectors', path: ids.file, sha256: ids.sha256, folder: false },
  ],
  hasAdTower: false,
  readsGroups: false,
  abilities: (entry) => vectorsAbilities(entry),
  load: ({ dir, entry }, open: OpenUserVectors) => open(placeOf(dir, entry.file), placeOf(dir, entry.ids.file), entry),
  examine: ({ entry, loaded, sample, space }) =>
    examineExternal(loaded, sample, { directed: entry.normalise || space === 'cosine' }),
  init: {
    propose: ({ space, builtUntil, ...files }) => ({
      entry: { kind: 'vectors', ...files, builtUntil, normalise: space === 'cosine' },
      guesses: [
        {
          field: 'model.builtUntil',
          value: builtUntil === null ? 'unknown' : new Date(builtUntil).toISOString(),
          evidence:
            builtUntil === null ? 'not given: leaks of the user vectors cannot be flagged' : 'given by --built-until',
        },
        {
          field: 'model.normalise',
          value: String(space === 'cosine'),
          evidence:
            space === 'cosine' ? 'the index compares directions' : `the index takes vectors as they are (${space})`,
        },
      ],
    }),
    lacks: ({ builtUntil }) =>
      builtUntil === null
        ? 'the end of the behaviour that the user vectors saw is unknown, so their leaks cannot be flagged: give it by --built-until TIME'
        : null,
  },
});
