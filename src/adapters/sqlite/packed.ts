import type Database from 'better-sqlite3';
import { jsonOf } from '../../base/json.ts';
import { RecallError } from '../../errors.ts';

type Db = Database.Database;

/** Names of the packed columns (table `columns`), little-endian. */
export const packedNames = {
  adIds: 'ad_ids',
  adIdEnds: 'ad_id_ends',
  userIds: 'user_ids',
  userIdEnds: 'user_id_ends',
  userEvents: 'user_events',
  userLastAt: 'user_last_at',
  categories: 'categories',
  adCategory: 'ad_category',
  startAt: 'ad_start_at',
  endAt: 'ad_end_at',
  budgetLeft: 'ad_budget_left',
  targetings: 'targetings',
  adTargeting: 'ad_targeting',
  kinds: 'kinds',
  eventAt: 'event_at',
  eventAd: 'event_ad',
  eventKind: 'event_kind',
} as const;

export type PackedName = (typeof packedNames)[keyof typeof packedNames];

export interface PackedReader {
  float64(name: PackedName, length: number): Float64Array;
  int32(name: PackedName, length: number): Int32Array;
  uint32(name: PackedName, length: number): Uint32Array;
  uint16(name: PackedName, length: number): Uint16Array;
  bytes(name: PackedName): Buffer;
  strings(name: PackedName): string[];
}

const bytesOf = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);

export const writePacked = (db: Db, name: PackedName, data: ArrayBufferView | readonly unknown[]): void => {
  const bytes = ArrayBuffer.isView(data) ? bytesOf(data) : Buffer.from(JSON.stringify(data), 'utf8');
  db.prepare('INSERT INTO columns VALUES (?, ?)').run(name, bytes);
};

const importAgain = 'import the sample again; it was changed outside this tool or is damaged';

const wrongSize = (path: string, name: string, expected: number, found: number): RecallError =>
  new RecallError('bad-sample', `${path}: the packed column ${name} does not fit its table`, {
    expected: `${expected} bytes`,
    found: `${found} bytes`,
    todo: importAgain,
  });

/** The error of a packed column that cannot be right. */
export const damagedColumn = (path: string, name: string, expected: string, found: string): RecallError =>
  new RecallError('bad-sample', `${path}: the packed column ${name} is damaged`, {
    expected,
    found,
    todo: importAgain,
  });

export const packedReader = (db: Db, path: string, table: string): PackedReader => {
  const select = db.prepare<[string], Buffer>(`SELECT data FROM ${table} WHERE name = ?`).pluck();
  const bytes = (name: PackedName): Buffer => {
    const found = select.get(name);
    if (found === undefined) throw wrongSize(path, name, 1, 0);
    return found;
  };
  /** A copy of its own: SQLite's buffer may start anywhere, typed arrays need alignment. */
  const aligned = (name: PackedName, size: number): ArrayBuffer => {
    const found = bytes(name);
    if (found.byteLength !== size) throw wrongSize(path, name, size, found.byteLength);
    const copy = new ArrayBuffer(size);
    new Uint8Array(copy).set(found);
    return copy;
  };
  return {
    bytes,
    float64: (name, length) => new Float64Array(aligned(name, length * 8)),
    int32: (name, length) => new Int32Array(aligned(name, length * 4)),
    uint32: (name, length) => new Uint32Array(aligned(name, length * 4)),
    uint16: (name, length) => new Uint16Array(aligned(name, length * 2)),
    strings: (name) => {
      const parsed = jsonOf(bytes(name).toString('utf8'), {
        code: 'bad-sample',
        where: `${path}: the packed column ${name}`,
        message: `${path}: the packed column ${name} is not JSON`,
        todo: importAgain,
        // Our own lists of distinct texts: as long as a string can be.
        limits: { length: Infinity },
      });
      if (Array.isArray(parsed) && parsed.every((one) => typeof one === 'string')) return parsed;
      throw damagedColumn(path, name, 'a list of texts', Array.isArray(parsed) ? 'other values in it' : typeof parsed);
    },
  };
};
