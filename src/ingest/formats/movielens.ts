import { plainAd, plainEvent, type Format, type ImportRun, type Suggestion } from './format.ts';
import { contextGroup, eventsGroup } from './groups.ts';
import { hour, syntheticTime, timeSplit } from './times.ts';

const genreNames = [
  'unknown',
  'Action',
  'Adventure',
  'Animation',
  "Children's",
  'Comedy',
  'Crime',
  'Documentary',
  'Drama',
  'Fantasy',
  'Film-Noir',
  'Horror',
  'Musical',
  'Mystery',
  'Romance',
  'Sci-Fi',
  'Thriller',
  'War',
  'Western',
];

const attributes = (pairs: ReadonlyArray<readonly [string, string]>): Record<string, string> =>
  Object.fromEntries(pairs.filter(([, value]) => value !== ''));

const readFilms100k = (run: ImportRun): Promise<void> =>
  run.each(
    'u.item',
    {
      columns: ['id', 'title', 'date', 'video', 'url', ...genreNames],
      header: false,
      delimiter: '|',
      quotes: false,
      encoding: 'latin-1',
    },
    ([id = '', title = '', , , , ...flags]) => {
      const category = genreNames.filter((_, i) => flags[i] === '1').join(' > ');
      return run.addAd(plainAd(id, { title, category })) ? null : 'duplicate-id';
    },
  );

/** u.data: a rating of 4 or 5 is a `favourite`, a lower one a `view`; times are real. */
const read100k = async (run: ImportRun): Promise<Suggestion> => {
  await run.each(
    'u.user',
    {
      columns: ['id', 'age', 'gender', 'occupation', 'zip'],
      header: false,
      delimiter: '|',
      quotes: false,
      encoding: 'latin-1',
    },
    ([id = '', age = '', gender = '', occupation = '', zip = '']) =>
      run.addUser({
        userId: id,
        attributes: attributes([
          ['age', age],
          ['gender', gender],
          ['occupation', occupation],
          ['zip', zip],
        ]),
      })
        ? null
        : 'duplicate-id',
  );
  await readFilms100k(run);
  await run.each(
    'u.data',
    { columns: ['user', 'film', 'rating', 'at'], header: false, delimiter: '\t', quotes: false },
    ([user = '', film = '', rating = '', at = '']) => {
      if (!run.seen.users.has(user)) return 'unknown-user';
      if (!run.seen.ads.has(film)) return 'unknown-ad';
      if (!/^[1-5]$/.test(rating)) return 'bad-rating';
      if (!/^\d{1,12}$/.test(at)) return 'bad-time';
      return run.addEvent(
        plainEvent(`${user}:${film}`, user, Number(rating) >= 4 ? 'favourite' : 'view', Number(at) * 1_000, {
          adId: film,
        }),
      )
        ? null
        : 'duplicate-id';
    },
  );
  const engagementKinds = ['view', 'favourite'];
  const asOf = timeSplit(run.seen, engagementKinds);
  return {
    groups: [eventsGroup('browse', ['view']), eventsGroup('favourite', ['favourite']), contextGroup()],
    engagementKinds,
    syntheticTimes: false,
    tzOffsetMinutes: 0,
    asOf,
    trainUntil: asOf,
    decisions: [
      'A rating of 4 or 5 is a `favourite` event, a lower one a `view`; both are engagement.',
      'Genres are joined into the category path in the order of the file.',
    ],
  };
};

const t0 = Date.UTC(2003, 1, 28);

/** pairs.csv has neither ratings nor times, and its order is not time: it shows volume, not behaviour. */
const readPairs = async (run: ImportRun): Promise<Suggestion> => {
  const doubleColons = { delimiter: '::', quotes: false, header: false } as const;
  await run.each(
    'users.dat',
    { ...doubleColons, columns: ['id', 'gender', 'age', 'occupation', 'zip'], encoding: 'latin-1' },
    ([id = '', gender = '', age = '', occupation = '', zip = '']) =>
      run.addUser({
        userId: id,
        attributes: attributes([
          ['age', age],
          ['gender', gender],
          ['occupation', occupation],
          ['zip', zip],
        ]),
      })
        ? null
        : 'duplicate-id',
  );
  await run.each(
    'movies.dat',
    { ...doubleColons, columns: ['id', 'title', 'genres'], encoding: 'latin-1' },
    ([id = '', title = '', genres = '']) =>
      run.addAd(plainAd(id, { title, category: genres.split('|').join(' > ') })) ? null : 'duplicate-id',
  );
  const filmsOf = new Map<string, Set<string>>();
  await run.each('pairs.csv', { columns: ['user_id', 'movie_id'], header: true }, ([user = '', film = '']) => {
    if (!run.seen.users.has(user)) return 'unknown-user';
    if (!run.seen.ads.has(film)) return 'unknown-ad';
    const films = filmsOf.get(user) ?? new Set();
    filmsOf.set(user, films);
    return films.has(film) ? 'duplicate-id' : (films.add(film), null);
  });
  for (const [user, films] of filmsOf) {
    let fromEnd = films.size - 1;
    for (const film of films)
      run.addEvent(plainEvent(`${user}:${film}`, user, 'view', syntheticTime(t0, fromEnd--), { adId: film }));
  }
  return {
    groups: [eventsGroup('browse', ['view'])],
    engagementKinds: ['view'],
    syntheticTimes: true,
    tzOffsetMinutes: 0,
    asOf: t0,
    trainUntil: t0 - hour,
    decisions: [
      'The pairs have no times and their order is not time: times are synthetic, one hour apart in the order of the file, the last at 2003-02-28T00:00Z. Good for volume, not for quality.',
    ],
  };
};

/** MovieLens 100k (`u.data`, `u.item`, `u.user`), or MovieLens 1M as pairs (`pairs.csv`, `movies.dat`, `users.dat`). */
export const movielens: Format = {
  id: 'movielens',
  title: 'MovieLens 100k, or 1M as pairs without times',
  name: 'movielens',
  read: (run) => (run.has('pairs.csv') && !run.has('u.data') ? readPairs(run) : read100k(run)),
};
