import type { DemoAd, DemoCase, DemoData } from '../../../answers/start.ts';
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
      { title: '', cell: (a) => (a.engaged ? span(`${ascii ? '*' : '✓'} engaged`, 'good') : '') },
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
  return [
    ...sentence(
      `${story.userId}, as of ${instant(story.asOf)}.${carried.length === 0 ? '' : ` The model’s first ad is there because of ${and(carried)}.`}`,
      width,
      'bold',
    ),
    ...list('The model', story.model, width, ascii),
    ...list('The legacy rules', story.legacy, width, ascii),
  ];
};

const rank = (at: number | null): Line => [at === null ? span('–', 'dim') : span(`#${at}`)];

const caseTable = (cases: readonly DemoCase[], width: number): Line[] =>
  table(
    [
      { title: 'case', max: 24, cell: (c: DemoCase) => c.case },
      { title: 'ad really clicked', min: 12, flex: 1, cell: (c) => c.title },
      { title: 'planted on', cell: (c) => c.planted ?? '–' },
      { title: 'carried by', drop: 1, cell: (c) => c.carriedBy ?? '–' },
      { title: 'model', align: 'right', cell: (c) => rank(c.ranks.model) },
      { title: 'legacy', align: 'right', cell: (c) => rank(c.ranks.legacy) },
      { title: 'i2i', align: 'right', cell: (c) => rank(c.ranks.i2i) },
    ],
    cases,
    width,
  );

const groupTable = (rows: readonly GroupRow[], k: number, width: number): Line[] =>
  table(
    [
      { title: `recall@${k}`, cell: (g: GroupRow) => g.group },
      { title: 'clicks', align: 'right', cell: (g) => String(g.clicks) },
      { title: 'model', align: 'right', cell: (g) => span(percent(g.model), g.model > g.legacy ? 'good' : 'warn') },
      { title: 'legacy', align: 'right', cell: (g) => percent(g.legacy) },
      { title: 'i2i', align: 'right', cell: (g) => percent(g.i2i) },
      {
        title: 'largest φ on the planted group',
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
            text(`The named cases: where each list has the ad that was really clicked`, 'bold'),
            ...caseTable(data.cases, width),
            blank,
          ]),
      text(`Of ${plural(data.overall.clicks, 'planted click')}, the share each list holds`, 'bold'),
      ...groupTable([...data.byGroup, data.overall], data.k, width),
      blank,
      text('Next', 'bold'),
      ...data.next.map((step) => text(`  ${step}`, 'accent')),
    ],
    width,
    height,
  );
