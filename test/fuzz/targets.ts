import { gunzipSync, gzipSync } from 'node:zlib';
import type { Random } from '../../src/domain/random.ts';
import type { Base, BaseName } from './bases.ts';
import { generic } from './mutate/bytes.ts';
import { hnsw } from './mutate/hnsw.ts';
import { i2i } from './mutate/i2i.ts';
import { jsonLines, jsonMutations } from './mutate/json.ts';
import { fvecs, npy, rawMatrix } from './mutate/matrix.ts';
import { oneOf, pick, type Mutate } from './mutate/mutation.ts';
import { derivedSqlite, sampleSqlite, teamSqlite } from './mutate/sqlite.ts';
import { floats, wholeNumbers } from './mutate/tensor.ts';
import { textLines } from './mutate/text.ts';

/** A question to the program; paths are relative to the folder of the case where they begin with `./`. */
export interface Ask {
  readonly argv: readonly string[];
  /**
   * `list`: gives a list from the damaged file: it must refuse a file that is broken, and refuses what doctor does not
   * call sound. `doctor`: says what is sound. `other`: must answer or refuse in words.
   */
  readonly role: 'list' | 'doctor' | 'other';
}

export interface Target {
  /** The kind of artefact, for the tally. */
  readonly kind: string;
  readonly base: BaseName;
  /** Its path in the folder of a case: `{index.file}` as the manifest says; one file matches a `*`. */
  readonly file: string;
  readonly mutate: Mutate;
  /** Whose hash the manifest names: that of the file, or of its folder. */
  readonly hash?: 'file' | 'folder';
  /** Another hash gives a notice only: a person edits it. */
  readonly editable?: true;
  /** Opened once before it is damaged, so that there are caches. */
  readonly warm?: true;
  readonly asks: (base: Base, random: Random) => readonly Ask[];
}

const ask = (role: Ask['role'], ...argv: string[]): Ask => ({ role, argv });
const doctor = ask('doctor', 'doctor', './ws', '--json');

/** A list, why an ad is not in it, one further question, and what doctor says. */
const opening = ({ user, ad }: Base, random: Random): readonly Ask[] => {
  const on = (...argv: string[]): Ask => ask('other', ...argv, '-w', './ws', '--json');
  const further = pick(random, [
    on('recall', user, '--mode', 'merged', '-k', '20'),
    on('recall', user, '--mode', 'i2i'),
    on('recall', user, '--mode', 'legacy'),
    on('recall', user, '--check-ann', '--with-vectors', '-k', '5'),
    on('search-path', user, ad),
    on('explain', user, ad),
    on('scores', user),
    on('census'),
    on('events', user),
    on('inputs', user),
    on('users', '--limit', '5'),
    on('ads', '--limit', '5'),
    on('ad', ad),
    ask('other', 'recall', user, '-w', './ws'),
    ask('other', 'events', user, '-w', './ws'),
    ask('other', 'ad', ad, '-w', './ws'),
  ]);
  return [
    ask('list', 'recall', user, '-w', './ws', '-k', '10', '--json'),
    on('why-not', user, ad, '--no-repair'),
    further,
    doctor,
  ];
};

const just =
  (...asks: ReadonlyArray<(base: Base) => Ask>) =>
  (base: Base): readonly Ask[] =>
    asks.map((one) => one(base));

const legacy = ({ user }: Base): Ask => ask('list', 'recall', user, '-w', './ws', '--mode', 'legacy', '--json');
const neighbours = ({ user }: Base): Ask => ask('list', 'recall', user, '-w', './ws', '--mode', 'i2i', '--json');
const sound = (): Ask => doctor;

const importing = just(
  () => ask('other', 'import', 'csv', './source', '--out', './ws', '--json'),
  ({ user }) => ask('other', 'recall', user, '-w', './ws', '--mode', 'legacy', '--json'),
  () => ask('other', 'doctor', './ws', '--json'),
);
const initialising = just(
  () => ask('other', 'init', './ws', '--yes', '--json'),
  () => ask('other', 'users', '-w', './ws', '--json', '--limit', '3'),
);
const replaying = just(
  () => ask('other', 'replay', './s.jsonl', '-w', './ws', '--json'),
  () => ask('other', 'sessions', '-w', './ws', '--dir', '.', '--json'),
  () => ask('other', 'play', './s.jsonl', '-w', './ws'),
  () => ask('other', 'branch', './s.jsonl', '1', '-k', '6', '-w', './ws', '--json'),
  () => ask('other', 'review', './s.jsonl', '-w', './ws', '--json'),
  () => ask('other', 'minimise', './s.jsonl', '-w', './ws', '--json'),
);

const zipped =
  (inner: Mutate): Mutate =>
  (bytes, random) => {
    const done = inner(gunzipSync(bytes), random);
    return { ...done, bytes: gzipSync(done.bytes, { level: 1 }) };
  };

const manifestFields = /^(format|sample\.(users|ads)|vectors\.(dim|count)|index\.(dim|count)|model\.dim)$/;
const manifest = jsonMutations({ checked: manifestFields });
/** A number of another kind in `vectors.count` may be the same for a file that says its own size. */
const at = (kind: string, base: BaseName, file: string, mutate: Mutate, more: Partial<Target> = {}): Target => ({
  kind,
  base,
  file,
  mutate,
  asks: opening,
  ...more,
});

const file = { hash: 'file' } as const;
const folder = { hash: 'folder' } as const;

export const targets: readonly Target[] = [
  at('hnsw index', 'vectors', 'ws/{index.file}', hnsw, file),
  at('manifest', 'vectors', 'ws/recall.json', manifest),
  at('vectors file', 'vectors', 'ws/ad.fvecs', fvecs, file),
  at('item-to-item', 'vectors', 'ws/{i2i.file}', i2i, { ...file, asks: just(neighbours, sound) }),
  at('SQLite sample', 'vectors', 'ws/sample.sqlite', sampleSqlite, file),
  at('ids of vectors', 'vectors', 'ws/ad_ids.txt', textLines, file),
  at('user vectors', 'vectors', 'ws/user.fvecs', fvecs, file),
  at('ids of user vectors', 'vectors', 'ws/user_ids.txt', textLines, file),
  at('rules', 'vectors', 'ws/rules.json', jsonMutations(), { ...file, editable: true, asks: just(legacy, sound) }),
  at('presets', 'vectors', 'ws/presets.json', jsonMutations(), {
    asks: just(
      ({ user }) => ask('other', 'recall', user, '-w', './ws', '--preset', 'night', '--json'),
      () => ask('list', 'presets', '-w', './ws', '--json'),
      () => ask('other', 'presets', '--show', 'all', '-w', './ws'),
      sound,
    ),
  }),
  at('key', 'vectors', 'ws/key.hex', oneOf([3, textLines], [1, generic]), {
    asks: just(() => ask('other', 'replay', './s.jsonl', '-w', './ws', '--json'), sound),
  }),
  at('served log', 'vectors', 'ws/served.jsonl', jsonLines, {
    asks: just(
      ({ user }) => ask('other', 'served', user, '-w', './ws', '--json'),
      ({ user }) => ask('other', 'served', user, '-w', './ws'),
      sound,
    ),
  }),
  at('planted clicks', 'vectors', 'ws/planted.jsonl', jsonLines, {
    asks: just(() => ask('list', 'demo', '-w', './ws', '--clicks', '1', '--json'), sound),
  }),
  at('session', 'vectors', 's.jsonl', jsonLines, { asks: replaying }),
  at('autosave', 'vectors', 'home/state/recall-tui/sessions/live-1750000000000-4194000.jsonl', jsonLines, {
    asks: just(
      () => ask('other', 'sessions', '-w', './ws', '--json'),
      () => ask('other', 'replay', './home/state/recall-tui/sessions/live-1750000000000-4194000.jsonl', '-w', './ws'),
      () => ask('other', ':resume'),
    ),
  }),
  at(
    'mark of a recording',
    'vectors',
    'home/state/recall-tui/sessions/live-1750000000000-4194000.jsonl.recording',
    textLines,
    {
      asks: just(() => ask('other', ':resume')),
    },
  ),
  at('config', 'vectors', 'home/config/recall-tui/config.json', jsonMutations(), {
    asks: just(
      ({ user }) => ask('other', 'recall', user, '-w', './ws', '--json'),
      () => ask('other', 'config', '-w', './ws'),
    ),
  }),
  at('ui.json', 'vectors', 'home/state/recall-tui/ui.json', jsonMutations(), {
    asks: just(
      () => ask('other', 'users', '-w', './ws', '--bookmarked', '--json'),
      () => ask('other', ':position'),
    ),
  }),
  at('hashes.json', 'vectors', 'home/cache/recall-tui/hashes.json', jsonMutations(), { warm: true }),
  at('query', 'vectors', 'query.json', jsonMutations(), {
    asks: just(
      () => ask('other', 'recall', '--query', './query.json', '-w', './ws', '--json'),
      ({ user, ad }) => ask('other', 'why-not', user, ad, '--query', './query.json', '-w', './ws'),
    ),
  }),
  at('script', 'vectors', 'script.recall', textLines, {
    asks: just(() => ask('other', 'exec', './script.recall', '-w', './ws', '--record', './new.jsonl')),
  }),
  at('GraphModel', 'graph', 'ws/graph/model.json', jsonMutations(), folder),
  at('GraphModel shard', 'graph', 'ws/graph/group1-shard1of1.bin', floats(4), folder),
  at('vocabulary', 'graph', 'ws/graph/ads.txt', textLines, folder),
  at('manifest of a GraphModel', 'graph', 'ws/recall.json', manifest),
  at('LayersModel', 'layers', 'ws/layers/model.json', jsonMutations(), folder),
  at('LayersModel shard', 'layers', 'ws/layers/group1-shard1of1.bin', floats(4), folder),
  at('tower model', 'trained', 'ws/{model.dir}/model.json', jsonMutations(), folder),
  at('tower table', 'trained', 'ws/{model.dir}/table-000.bin', floats(2), folder),
  at('tower weights', 'trained', 'ws/{model.dir}/w1-000.bin', floats(4), folder),
  at('tower ads', 'trained', 'ws/{model.dir}/ad-rows-000.bin', wholeNumbers, folder),
  at('tower strings', 'trained', 'ws/{model.dir}/strings-word-000.json', jsonMutations(), folder),
  at('raw vectors', 'trained', 'ws/{vectors.file}', rawMatrix(8), file),
  at('manifest of a trained model', 'trained', 'ws/recall.json', manifest),
  at('SQLite sample of a trained model', 'trained', 'ws/sample.sqlite', sampleSqlite, file),
  at('mapped sample', 'team', 'ws/shop.sqlite', teamSqlite, file),
  at('manifest with a mapping', 'team', 'ws/recall.json', manifest),
  at('labels', 'team', 'ws/labels.csv', textLines, file),
  at('labels in NumPy', 'team-npy', 'ws/labels.npy', npy, file),
  at('index of a team', 'team', 'ws/ads.hnsw', hnsw, file),
  at('NumPy vectors', 'team', 'ws/ad.npy', npy, file),
  at('NumPy user vectors', 'team', 'ws/user.npy', npy, file),
  at('served log of a team', 'team', 'ws/served.jsonl', jsonLines, {
    asks: just(({ user }) => ask('other', 'served', user, '-w', './ws', '--json'), sound),
  }),
  at('derived sample', 'team', 'home/cache/recall-tui/mapped/*.sqlite', derivedSqlite, { warm: true }),
  at('import of CSV', 'source', 'source/ads.csv', textLines, { asks: importing }),
  at('import of TSV', 'source', 'source/users.tsv', textLines, { asks: importing }),
  at('import of packed JSON lines', 'source', 'source/events.jsonl.gz', oneOf([3, zipped(jsonLines)], [1, generic]), {
    asks: importing,
  }),
  at('import of Parquet', 'source', 'source/friends.parquet', generic, { asks: importing }),
  at('mapping of an import', 'source', 'mapping.json', jsonMutations(), {
    asks: just(() =>
      ask('other', 'import', 'csv', './source', '--mapping', './mapping.json', '--out', './ws', '--json'),
    ),
  }),
  ...(
    [
      ['shop.sqlite', teamSqlite],
      ['ad.npy', npy],
      ['user.npy', npy],
      ['ads.hnsw', hnsw],
      ['labels.csv', textLines],
      ['ad_ids.txt', textLines],
      ['served.jsonl', jsonLines],
    ] as const
  ).map(([name, mutate]) => at(`init: ${name}`, 'folder', `ws/${name}`, mutate, { asks: initialising })),
];
