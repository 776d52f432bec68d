import { z } from 'zod';
import { allAbilities } from '../../domain/abilities.ts';
import type { LoadedTwoTower } from '../../engine/ports/artefacts.ts';
import { modelFields, sha256 } from './fields.ts';
import { modelKind } from './kind.ts';
import { placeOf } from '../places.ts';

const schema = z.looseObject({
  ...modelFields,
  kind: z.literal('two-tower'),
  /** Folder with model.json and its weight files; sha256 over their names and bytes in name order. */
  dir: z.string(),
  builtFrom: z.looseObject({ sample: sha256 }),
});

/** The model that `recall-tui train` makes: the one kind with an ad tower. */
export const twoTower = modelKind({
  schema,
  title: 'the model',
  path: ({ dir }) => dir,
  folder: true,
  hasAdTower: true,
  readsGroups: true,
  abilities: () => allAbilities,
  load: ({ dir, entry }, open: (dir: string) => Promise<LoadedTwoTower>) => open(placeOf(dir, entry.dir)),
  examine: async () => [],
  init: {},
});
