import { columnOf } from '../../domain/sample/mapping.ts';
import { optionalNumber, targetingOf } from '../../domain/sample/values.ts';
import { RecallError } from '../../errors.ts';
import { plainAd, plainEvent, type FileSpec, type Format, type HeaderMapping, type ImportRun } from './format.ts';
import { guessEngagement, guessGroups } from './groups.ts';
import { isTimeField, timeFields, timeReader, type TimeReader } from './time-column.ts';
import { timeSplit } from './times.ts';

/** `user_id`, `User-ID` and `userId` are one name. */
const plainName = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

type Table = keyof HeaderMapping;

/** Finds our columns in a file's header: by the mapping, else by our name. Other columns keep theirs. */
const renamer = (run: ImportRun, table: Table, columns: readonly string[]): ((header: string) => string) => {
  const mapped = run.mapping?.[table] ?? {};
  const wrong = Object.keys(mapped).find((column) => !columns.includes(column));
  if (wrong !== undefined) {
    throw new RecallError('bad-input', `the mapping names a column ${table} does not have`, {
      expected: columns.join(', '),
      found: wrong,
      todo: 'a mapping is {"users":{"userId":"their name"},"ads":{…},"events":{…},"friends":{…}}',
    });
  }
  const formed = Object.entries(mapped).find(([ours, theirs]) => typeof theirs !== 'string' && !isTimeField(ours));
  if (formed !== undefined)
    throw new RecallError('bad-input', `the mapping gives ${table}.${formed[0]} a unit or a zone`, {
      expected: `a column's name; only times (${timeFields.join(', ')}) have a unit and a zone`,
      found: JSON.stringify(formed[1]),
    });
  const byHeader = new Map(Object.entries(mapped).map(([ours, theirs]) => [columnOf(theirs), ours]));
  const byName = new Map(
    columns.filter((column) => mapped[column] === undefined).map((column) => [plainName(column), column]),
  );
  return (header) => byHeader.get(header) ?? byName.get(plainName(header)) ?? header;
};

const spec = (run: ImportRun, table: Table, columns: readonly string[], required: readonly string[]): FileSpec => ({
  columns,
  header: true,
  optional: columns.filter((column) => !required.includes(column)),
  rename: renamer(run, table, columns),
});

/** The table's file; where there is none, the name whose absence is reported. */
const fileOf = (run: ImportRun, table: Table): string => run.table(table) ?? `${table}.csv`;

const readUsers = async (run: ImportRun): Promise<void> => {
  let others: readonly string[] = [];
  const select = (names: readonly string[]): readonly string[] =>
    (others = names.filter((name) => name !== 'userId' && name !== ''));
  await run.each(
    fileOf(run, 'users'),
    { ...spec(run, 'users', ['userId'], ['userId']), select },
    ([userId = '', ...values]) => {
      if (userId === '') return 'missing-id';
      const attributes = Object.fromEntries(
        others.map((name, i) => [name, values[i] ?? '']).filter(([, value]) => value !== ''),
      );
      return run.addUser({ userId, attributes }) ? null : 'duplicate-id';
    },
  );
};

const notesOf = (...readers: readonly TimeReader[]): string[] => readers.flatMap((reader) => reader.notes());

/** The number of an optional cell; what is no number costs the cell, not its row. */
const usableNumber = (run: ImportRun, column: string, text: string): number | null => {
  const value = optionalNumber(text);
  if (value === null || Number.isFinite(value)) return value;
  run.empty(column, 'not-a-number');
  return null;
};

const adColumns = [
  'adId',
  'title',
  'category',
  'brand',
  'price',
  'campaign',
  'startAt',
  'endAt',
  'budgetLeft',
  'targeting',
];

const readAds = async (run: ImportRun): Promise<string[]> => {
  const [starts, ends] = [timeReader(run, 'ads', 'startAt'), timeReader(run, 'ads', 'endAt')];
  await run.each(
    fileOf(run, 'ads'),
    spec(run, 'ads', adColumns, ['adId']),
    ([
      adId = '',
      title = '',
      category = '',
      brand = '',
      price = '',
      campaign = '',
      start = '',
      end = '',
      budget = '',
      target = '',
    ]) => {
      const [startAt, endAt] = [starts.optional(start), ends.optional(end)];
      if (adId === '') return 'missing-id';
      if (typeof startAt === 'string') return startAt;
      if (typeof endAt === 'string') return endAt;
      const [money, budgetLeft] = [usableNumber(run, 'price', price), usableNumber(run, 'budgetLeft', budget)];
      const targeting = targetingOf(target);
      if (targeting === false) run.empty('targeting', 'bad-targeting');
      return run.addAd(
        plainAd(adId, {
          title,
          category,
          brand,
          price: money,
          campaign: campaign === '' ? null : campaign,
          startAt,
          endAt,
          budgetLeft,
          targeting: targeting === false ? null : targeting,
        }),
      )
        ? null
        : 'duplicate-id';
    },
  );
  return notesOf(starts, ends);
};

const eventColumns = ['eventId', 'userId', 'kind', 'at', 'platform', 'adId', 'query', 'peerId'];
/** `\\N` is how Hive and MySQL export NULL. */
const orNull = (text: string): string | null => (text === '' || text === '\\N' ? null : text);

/** The first id of each side of a join that has no partner, for the message where no row has one. */
interface Strangers {
  user?: string;
  ad?: string;
}

const first = (ids: ReadonlySet<string>): string => {
  const [id] = ids;
  return id === undefined ? 'none' : JSON.stringify(id);
};

/** Events that were all rejected because their ids are written in another way than those of users or ads. */
const refuseStrangers = ({ seen }: ImportRun, { user, ad }: Strangers): void => {
  const noJoin = seen.events === 0 && seen.users.size > 0 && seen.ads.size > 0;
  if (!noJoin || (user === undefined && ad === undefined)) return;
  const [table, column, id, ids] =
    user === undefined ? (['ads', 'adId', ad, seen.ads] as const) : (['users', 'userId', user, seen.users] as const);
  throw new RecallError('bad-input', `no event could be imported: none names one of the ${table}`, {
    expected: `events.${column} that is an id of ${table}, such as ${first(ids)}`,
    found: JSON.stringify(id),
    todo: `write the ids of both tables in the same way, or name their columns with --mapping FILE`,
  });
};

const readEvents = async (run: ImportRun): Promise<string[]> => {
  const times = timeReader(run, 'events', 'at');
  const strangers: Strangers = {};
  await run.each(
    fileOf(run, 'events'),
    spec(run, 'events', eventColumns, ['userId', 'kind', 'at']),
    ([eventId = '', userId = '', kind = '', time = '', platform = '', adId = '', query = '', peerId = ''], line) => {
      const at = times.read(time);
      if (typeof at === 'string') return at;
      if (kind === '') return 'missing-kind';
      if (eventId.startsWith('what-if:')) return 'reserved-id';
      if (!run.seen.users.has(userId)) {
        strangers.user ??= userId;
        return 'unknown-user';
      }
      if (orNull(adId) !== null && !run.seen.ads.has(adId)) {
        strangers.ad ??= adId;
        return 'unknown-ad';
      }
      const id = eventId === '' ? `line:${line}` : eventId;
      return run.addEvent(
        plainEvent(id, userId, kind, at, {
          platform: orNull(platform),
          adId: orNull(adId),
          query: orNull(query),
          peerId: orNull(peerId),
        }),
      )
        ? null
        : 'duplicate-id';
    },
  );
  refuseStrangers(run, strangers);
  return notesOf(times);
};

const readFriends = async (run: ImportRun): Promise<string[]> => {
  const times = timeReader(run, 'friends', 'since');
  await run.each(
    fileOf(run, 'friends'),
    spec(run, 'friends', ['userId', 'peerId', 'since'], ['userId', 'peerId']),
    ([userId = '', peerId = '', since = '']) => {
      const at = times.optional(since);
      if (typeof at === 'string') return at;
      if (!run.seen.users.has(userId) || !run.seen.users.has(peerId)) return 'unknown-user';
      return run.addFriend(userId, peerId, at) ? null : 'duplicate-id';
    },
  );
  return notesOf(times);
};

/**
 * A team's own data: the tables `users`, `ads`, `events` and, if there, `friends`, each as `.csv`, `.tsv`, `.jsonl`, `.ndjson`
 * (plain or `.gz`) or `.parquet`. Delimited files have a header. Columns by our names (camelCase or snake_case) or by
 * a mapping; the other columns of
 * users are attributes. Times: ISO-8601 (UTC where no zone is given) or ms since the epoch.
 */
export const csv: Format = {
  id: 'csv',
  title: 'users, ads, events, friends as .csv, .tsv, .jsonl, .ndjson (plain or .gz) or .parquet',
  name: 'imported',
  read: async (run) => {
    await readUsers(run);
    const notes = [...(await readAds(run)), ...(await readEvents(run))];
    if (run.table('friends') !== null) notes.push(...(await readFriends(run)));
    const engagementKinds = guessEngagement(run.seen);
    const asOf = timeSplit(run.seen, engagementKinds);
    return {
      groups: guessGroups(run.seen, engagementKinds),
      engagementKinds,
      syntheticTimes: false,
      tzOffsetMinutes: 0,
      asOf,
      trainUntil: asOf,
      decisions: ['Default as-of: the instant that leaves about 10 % of the engagement events after it.', ...notes],
    };
  },
};
