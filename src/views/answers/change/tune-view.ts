import type { HeldOut, TuneData } from '../../../answers/tune.ts';
import { t } from '../../../base/texts.ts';
import { reaches, type TunePoint, type TuneSettings } from '../../../domain/tune.ts';
import { count, figure, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';
import { table } from '../../text/table.ts';

const shownRows = 16;

/** `keyword 10 → 0`: where quotas differ from those that were asked. */
const quotaText = ({ quota }: TuneSettings, asked: TuneSettings): string =>
  Object.entries(quota ?? {})
    .flatMap(([channel, own]) => {
      const before = Reflect.get(asked.quota ?? {}, channel);
      return before === own ? [] : [`${channel} ${String(before)} → ${own}`];
    })
    .join(', ');

const settingsText = (settings: TuneSettings, { asked, against }: TuneData): string => {
  const quotas = quotaText(settings, asked);
  return [
    t('ef {ef}', { ef: count(settings.ef) }),
    ...(against === 'engaged' ? [t('k {k}', { k: count(settings.k) })] : []),
    ...(quotas === '' ? [] : [t('quotas {quotas}', { quotas })]),
  ].join(' · ');
};

const soughtText = ({ against, asked }: TuneData): string =>
  against === 'exact' ? t('the exact {k} best', { k: count(asked.k) }) : t('the engaged ads');

const proofText = ({ users, recall, lower95 }: HeldOut): string =>
  t('{recall}, at least {lower} (95 %) on {users} that played no part in the choice', {
    recall: figure(recall),
    lower: figure(lower95),
    users: plural(users, 'user'),
  });

const headline = (data: TuneData): string => {
  const { settings, recall, lower95, users, target, best } = data;
  const sought = soughtText(data);
  if (settings !== null && recall !== null && lower95 !== null)
    return t('{settings} is the cheapest that finds {target} of {sought}: {proof}.', {
      settings: settingsText(settings, data),
      target: figure(target, 3),
      sought,
      proof: proofText({ users: users.heldOut, recall, lower95 }),
    });
  return t(
    'NO SETTING finds {target} of {sought} for sure. The best is {settings}: {recall}, at least {lower} (95 %) on the tuning users{proof}.',
    {
      target: figure(target, 3),
      sought,
      settings: settingsText(best.settings, data),
      recall: figure(best.recall),
      lower: figure(best.lower95),
      proof: best.heldOut === null ? '' : t('; {proof}', { proof: proofText(best.heldOut) }),
    },
  );
};

const costText = (distances: number | null, ms: number): string =>
  distances === null
    ? t('{ms} ms a search', { ms: figure(ms, 3) })
    : t('{distances} distances and {ms} ms a search', { distances: count(Math.round(distances)), ms: figure(ms, 3) });

const cheaperText = (data: TuneData): string | null => {
  const { cost, nextCheaper, settings } = data;
  if (cost === null || settings === null) return null;
  const own = t('It costs {cost}.', { cost: costText(cost.distances, cost.searchMs) });
  if (nextCheaper === null) return `${own} ${t('No setting of the grid is cheaper.')}`;
  const cheaper = costText(nextCheaper.cost.distances, nextCheaper.cost.searchMs);
  const { recall, lower95 } = nextCheaper.missesOn === 'tuning' ? nextCheaper : (nextCheaper.heldOut ?? nextCheaper);
  return `${own} ${t(
    'The next cheaper, {settings} ({cost}), misses the target on the {part} users: {recall}, at least {lower}.',
    {
      settings: settingsText(nextCheaper.settings, data),
      cost: cheaper,
      part: nextCheaper.missesOn === 'tuning' ? t('tuning') : t('held-out'),
      recall: figure(recall),
      lower: figure(lower95),
    },
  )}`;
};

/** Rows of the grid around the answer: what is cheaper, what costs more. */
const around = (grid: readonly TunePoint[], at: number): readonly TunePoint[] => {
  const from = Math.max(0, Math.min(at - Math.floor(shownRows / 2), grid.length - shownRows));
  return grid.slice(from, from + shownRows);
};

const gridTable = (data: TuneData, width: number, ascii: boolean): Line[] => {
  const { grid, settings, target, asked, against, best } = data;
  const key = JSON.stringify(settings ?? best.settings);
  const at = grid.findIndex((point) => JSON.stringify(point.settings) === key);
  const isAnswer = (point: TunePoint): boolean => settings !== null && grid.indexOf(point) === at;
  const rows = around(grid, at);
  return [
    ...table<TunePoint>(
      [
        { title: '', cell: (point) => (isAnswer(point) ? (ascii ? '>' : '▸') : ' ') },
        { title: t('ef'), align: 'right', cell: ({ settings: own }) => count(own.ef) },
        ...(against === 'engaged'
          ? [
              { title: t('k'), align: 'right' as const, cell: ({ settings: own }: TunePoint) => count(own.k) },
              { title: t('quotas'), flex: 1, min: 8, cell: ({ settings: own }: TunePoint) => quotaText(own, asked) },
            ]
          : []),
        { title: t('recall'), align: 'right', cell: ({ recall }) => figure(recall) },
        { title: t('at least'), align: 'right', cell: ({ lower95 }) => figure(lower95) },
        {
          title: t('target'),
          cell: (point) => (reaches(point, target) ? span(t('reached'), 'good') : span(t('missed'), 'dim')),
        },
        {
          title: t('distances'),
          align: 'right',
          cell: ({ cost }) => (cost.distances === null ? '–' : count(Math.round(cost.distances))),
        },
        { title: t('ms a search'), align: 'right', drop: 1, cell: ({ cost }) => figure(cost.searchMs, 3) },
      ],
      rows,
      width,
    ),
    ...(rows.length === grid.length
      ? []
      : sentence(
          t('{shown} of {all} settings that were run; --json has all.', { shown: rows.length, all: grid.length }),
          width,
          'dim',
        )),
  ];
};

const usersText = ({ users, seed, untried }: TuneData): string =>
  [
    users.sampled < users.of
      ? t('Sample: {sampled} of {users}, seed {seed}.', {
          sampled: count(users.sampled),
          users: plural(users.of, 'user'),
          seed,
        })
      : t('All {users}.', { users: plural(users.of, 'user') }),
    t('The table is over {users} that tuned{without}.', {
      users: plural(users.tuning, 'user'),
      without: users.without === 0 ? '' : t(' ({n} more had nothing to find)', { n: count(users.without) }),
    }),
    ...(untried === 0 ? [] : [t('{settings} that cost more were not run.', { settings: plural(untried, 'setting') })]),
    ...(users.failed === 0 ? [] : [t('The recalls of {users} failed.', { users: plural(users.failed, 'user') })]),
  ].join(' ');

const savedText = ({ saved }: TuneData): string | null =>
  saved === null ? null : t('Saved as the preset {name}, in {path}.', { name: saved.name, path: saved.path });

export const tuneView = (data: TuneData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const said = (text: string | null): Line[] => (text === null ? [] : sentence(text, width));
  return fitLines(
    [
      ...sentence(headline(data), width, data.settings === null ? 'warn' : 'bold'),
      ...said(cheaperText(data)),
      ...said(savedText(data)),
      blank,
      ...gridTable(data, width, options.ascii === true),
      ...sentence(usersText(data), width, 'dim'),
    ],
    width,
    height,
  );
};
