import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BehaviourEvent } from '../../../src/domain/events.ts';
import type { NewAd } from '../../../src/engine/ports/artefacts.ts';

/** A folder that goes away with the test. */
export const withDir = async <T>(run: (dir: string) => T | Promise<T>): Promise<T> => {
  const dir = mkdtempSync(join(tmpdir(), 'recall-sqlite-'));
  try {
    return await run(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

export const anAd = (adId: string, more: Partial<NewAd> = {}): NewAd => ({
  adId,
  title: adId,
  category: 'c',
  brand: '',
  price: null,
  campaign: null,
  startAt: null,
  endAt: null,
  budgetLeft: null,
  targeting: null,
  ...more,
});

export const anEvent = (
  eventId: string,
  userId: string,
  at: number,
  more: Partial<BehaviourEvent> = {},
): BehaviourEvent => ({
  eventId,
  userId,
  kind: 'click',
  at,
  platform: null,
  adId: null,
  query: null,
  peerId: null,
  ...more,
});
