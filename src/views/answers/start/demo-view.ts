import type { DemoAd, DemoCase, DemoData } from '../../../answers/start.ts';
import { t } from '../../../base/texts.ts';
import { figure, instant, percent, plural } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { and, sentence } from '../../text/sentences.ts';

type GroupRow = DemoData['byGroup'][number];

const list = (title: string, ads: readonly DemoAd[], width: number, ascii: boolean): Line[] => [
  blank,
  text(title, 'bold'),
  ...table(
    [
      { title: '', align: 'right', cell: (a: DemoAd) => `${a.rank}` },
      { title: '', min: 12, flex: 1, cell: (a) => a.title },
      { title: '', align: 'right', cell: (a) => figure(a.score) },
      { title: '', drop: 1, max: 40, cell: (a) => span(a.channels.join(' · '), 'dim') },
      { title: '', cell: (a) => (a.engaged ? span(`${ascii ? '*' : '✓'} ${t('engaged')}`, 'good') : '') },
    ],
    ads,
    width,
    { bare: true },
  ),
];

const storyLines = (story: NonNullable<DemoData['story']>, width: number, ascii: boolean): Line[] => {
  const carried = story.carriedBy
    .filter((g) => g.phi > 0)
    .slice(0, 2)
    .map((g) => `${g.group} (${figure(g.phi, 3, true)})`);
  const places = { user: story.userId, asOf: instant(story.asOf) };
  return [
    ...sentence(
      carried.length === 0
        ? t('{user}, as of {asOf}.', places)
        : t('{user}, as of {asOf}. The model’s first ad is recalled because of {groups}.', {
            ...places,
            groups: and(carried),
          }),
      width,
      'bold',
    ),
    ...list(t('The model'), story.model, width, ascii),
    ...list(t('The legacy rules'), story.legacy, width, ascii),
  ];
};

const rank = (at: number | null): Line => [at === null ? span('–', 'dim') : span(`#${at}`)];

const caseTable = (cases: readonly DemoCase[], width: number): Line[] =>
  table(
    [
      { title: t('case'), max: 24, cell: (c: DemoCase) => c.case },
      { title: t('ad really clicked'), min: 12, flex: 1, cell: (c) => c.title },
      { title: t('planted on'), cell: (c) => c.planted ?? '–' },
      { title: t('carried by'), drop: 1, cell: (c) => c.carriedBy ?? '–' },
      { title: t('model'), align: 'right', cell: (c) => rank(c.ranks.model) },
      { title: t('legacy'), align: 'right', cell: (c) => rank(c.ranks.legacy) },
      { title: 'i2i', align: 'right', cell: (c) => rank(c.ranks.i2i) },
    ],
    cases,
    width,
  );

const groupTable = (rows: readonly GroupRow[], k: number, width: number): Line[] =>
  table(
    [
      { title: t('recall@{k}', { k }), cell: (g: GroupRow) => g.group },
      { title: t('clicks'), align: 'right', cell: (g) => String(g.clicks) },
      { title: t('model'), align: 'right', cell: (g) => span(percent(g.model), g.model > g.legacy ? 'good' : 'warn') },
      { title: t('legacy'), align: 'right', cell: (g) => percent(g.legacy) },
      { title: 'i2i', align: 'right', cell: (g) => percent(g.i2i) },
      {
        title: t('largest φ on the planted group'),
        align: 'right',
        drop: 1,
        cell: (g) => (g.carriedByGroup === null ? '–' : percent(g.carriedByGroup)),
      },
    ],
    rows,
    width,
  );

/** The demo's report: one user's two lists, the named cases, recall by planted group, and what to type next. */
export const demoView = (data: DemoData, width: number, options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...(data.story === null ? [] : [...storyLines(data.story, width, options.ascii === true), blank]),
      ...(data.cases.length === 0
        ? []
        : [
            text(t('The named cases: the rank of the ad that was really clicked, in each list'), 'bold'),
            ...caseTable(data.cases, width),
            blank,
          ]),
      text(t('Share of {clicks} in each list', { clicks: plural(data.overall.clicks, 'planted click') }), 'bold'),
      ...groupTable([...data.byGroup, data.overall], data.k, width),
      blank,
      text(t('Next'), 'bold'),
      ...data.next.map((step) => text(`  ${step}`, 'accent')),
    ],
    width,
    height,
  );
