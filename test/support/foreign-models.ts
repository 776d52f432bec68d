import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { TfjsSpec } from '../../src/domain/external-model.ts';
import type { GroupInput, InputItem, UserInputs } from '../../src/domain/groups.ts';
import { modelSchema } from '../../src/workspace/models/index.ts';
import { tfjsSpecOf } from '../../src/workspace/models/tfjs.ts';
import { manifestSchema } from '../../src/workspace/manifest/manifest.ts';

export const foreignFolder = fileURLToPath(new URL('../../fixtures/foreign/', import.meta.url));
export type ForeignKind = 'graph' | 'layers';

const json = (name: string): unknown => JSON.parse(readFileSync(join(foreignFolder, name), 'utf8'));

/** The committed mapping, as a manifest's `model`. */
export const foreignEntry = (kind: ForeignKind) => {
  const entry = modelSchema.parse({
    ...z.record(z.string(), z.unknown()).parse(json(`${kind}.json`)),
    sha256: '0'.repeat(64),
  });
  if (entry.kind !== 'tfjs-graph' && entry.kind !== 'tfjs-layers') throw new Error('not a TensorFlow.js model');
  return entry;
};

export const foreignGroups = manifestSchema.shape.groups.parse(json('groups.json'));

export const foreignSpec = (kind: ForeignKind): TfjsSpec => tfjsSpecOf(foreignEntry(kind), foreignGroups);

const item = (more: Partial<InputItem>): InputItem => ({
  eventId: null,
  kind: 'view',
  at: null,
  ageMs: null,
  adId: null,
  ordinal: null,
  query: null,
  peerId: null,
  value: null,
  strength: 1,
  excluded: false,
  ...more,
});

/** A user with behaviour in every group: ads by number, one search, an hour. */
export const foreignUser = (
  userId: string,
  ads: readonly number[],
  search: string | null,
  hour: string | null,
): UserInputs => ({
  userId,
  asOf: 1000,
  groups: [
    {
      group: 'browse',
      items: ads.map((n, i) =>
        item({ eventId: `${userId}-${i}`, ageMs: i * 1000, adId: `ad-${String(n).padStart(4, '0')}` }),
      ),
    },
    {
      group: 'search',
      items: search === null ? [] : [item({ eventId: `${userId}-s`, kind: 'search', query: search })],
    },
    { group: 'context', items: hour === null ? [] : [item({ kind: 'hour', value: hour })] },
  ],
});

export const withItems = (
  user: UserInputs,
  change: (group: GroupInput, g: number) => readonly InputItem[],
): UserInputs => ({ ...user, groups: user.groups.map((group, g) => ({ ...group, items: change(group, g) })) });
