import Database from 'better-sqlite3';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { privateFile } from '../../base/atomic-file.ts';
import { endable } from '../../base/endable.ts';
import { byCodeUnit } from '../../base/order.ts';
import { RecallError } from '../../errors.ts';
import type { SampleCounts, SampleWriter } from '../../engine/ports/artefacts.ts';
import { isStorable, sortKey } from './code-units.ts';
import { fillText } from './fill-text.ts';
import { nativeEventRows, packColumns } from './pack-columns.ts';
import { fillStatements, indexSchema, nativeNames, sampleFormat, sampleSchema, stagingSchema } from './schema.ts';

type Db = Database.Database;

export const fsyncPath = (path: string): void => {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** How SQLite keeps the text of a file; files attached to each other must agree. */
export type TextEncoding = 'UTF-8' | 'UTF-16le' | 'UTF-16be';

/** New files of users' rows: for their owner alone. */
export const openForWriting = (path: string, staging: string, encoding: TextEncoding = 'UTF-8'): Db => {
  for (const file of [path, staging]) closeSync(openSync(file, 'wx', privateFile));
  const db = new Database(path);
  db.pragma(`encoding = '${encoding}'`);
  // Nothing here survives a crash by itself: the file counts only once it is renamed.
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -65536');
  db.pragma('temp_store = MEMORY');
  db.prepare('ATTACH ? AS staging').run(staging);
  db.pragma('staging.journal_mode = OFF');
  db.pragma('staging.synchronous = OFF');
  db.pragma('staging.cache_size = -65536');
  return db;
};

const checkId = (what: string, id: string): string => {
  if (id === '' || !isStorable(id)) {
    throw new RecallError('bad-input', `${what} id cannot be stored`, {
      expected: 'non-empty, well-formed Unicode text',
      found: JSON.stringify(id),
    });
  }
  return id;
};

const checkEvent = (eventId: string, at: number): void => {
  checkId('event', eventId);
  if (eventId.startsWith('what-if:')) {
    throw new RecallError('bad-input', `event id ${eventId} is reserved`, {
      expected: 'an id that does not start with what-if:',
      found: eventId,
    });
  }
  if (!Number.isSafeInteger(at))
    throw new RecallError('bad-input', `event ${eventId} has no usable time`, {
      expected: 'whole ms since the epoch',
      found: String(at),
    });
};

/** Text as stored: a lone surrogate becomes U+FFFD, as any UTF-8 encoder would make it. */
const stored = (text: string): string => (isStorable(text) ? text : Buffer.from(text, 'utf8').toString('utf8'));

/**
 * Writes a sample to `<path>.partial` and renames it at `finish`; a killed import leaves `path` as it was.
 * The same rows in any order give the same bytes. Throws `bad-input` on an id or a time that cannot be kept.
 */
export const createSample = (path: string): SampleWriter => {
  const target = resolve(path);
  const partial = `${target}.partial`;
  const staging = `${target}.partial-staging`;
  const removeFiles = (): void => {
    for (const file of [partial, staging]) rmSync(file, { force: true });
  };
  removeFiles();
  const db = openForWriting(partial, staging);
  db.exec(sampleSchema);
  db.exec(stagingSchema);
  db.exec('BEGIN');
  const insertUser = db.prepare('INSERT OR IGNORE INTO staging.users VALUES (?, ?, ?)');
  const insertAd = db.prepare('INSERT OR IGNORE INTO staging.ads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const insertEvent = db.prepare('INSERT OR IGNORE INTO staging.events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const insertFriend = db.prepare('INSERT OR IGNORE INTO staging.friends VALUES (?, ?, ?)');

  const fill = (onProgress: (stage: string, done: number, total: number) => void): SampleCounts => {
    const stages = ['users', 'ads', 'events', 'friends'] as const;
    stages.forEach((stage, i) => {
      db.exec(fillStatements[stage]);
      onProgress('sort', i + 1, stages.length);
    });
    db.exec(indexSchema);
    const counts = packColumns({ read: db, write: db, names: nativeNames, eventRows: nativeEventRows });
    onProgress('pack', 1, 1);
    for (const done of fillText({ read: db, write: db, ads: nativeNames.ads, total: counts.ads }))
      onProgress('text', done, counts.ads);
    const meta = db.prepare('INSERT INTO meta VALUES (?, ?)');
    for (const [key, value] of Object.entries({ format: sampleFormat, ...counts })) meta.run(key, String(value));
    return counts;
  };

  return {
    addUser: ({ userId, attributes }) => {
      const sorted = Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => byCodeUnit(a, b)));
      return insertUser.run(checkId('user', userId), sortKey(userId), stored(JSON.stringify(sorted))).changes > 0;
    },
    addAd: (ad) =>
      insertAd.run(
        checkId('ad', ad.adId),
        sortKey(ad.adId),
        stored(ad.title),
        stored(ad.category),
        stored(ad.brand),
        ad.price,
        ad.campaign === null ? null : stored(ad.campaign),
        ad.startAt,
        ad.endAt,
        ad.budgetLeft,
        ad.targeting === null ? null : stored(JSON.stringify(ad.targeting)),
      ).changes > 0,
    addEvent: (event) => {
      checkEvent(event.eventId, event.at);
      return (
        insertEvent.run(
          event.eventId,
          sortKey(event.eventId),
          event.userId,
          event.kind,
          event.at,
          event.platform,
          event.adId,
          event.query === null ? null : stored(event.query),
          event.peerId,
        ).changes > 0
      );
    },
    addFriend: (userId, peerId, since) =>
      insertFriend.run(checkId('user', userId), checkId('user', peerId), since).changes > 0,
    finish: (onProgress = () => undefined) => {
      const counts = endable(() => fill(onProgress));
      db.exec('COMMIT');
      db.close();
      rmSync(staging, { force: true });
      fsyncPath(partial);
      renameSync(partial, target);
      fsyncPath(dirname(target));
      return counts;
    },
    abort: () => {
      db.close();
      removeFiles();
    },
  };
};
