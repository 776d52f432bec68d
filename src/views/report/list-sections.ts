import type { CompareData, RecallData, RecallRow } from '../../answers/recall.ts';
import { t } from '../../base/texts.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { recallHeadline } from '../answers/recall/recall-view.ts';
import { count, figure } from '../text/figures.ts';
import { didIt, hitsText } from '../text/sentences.ts';
import { rankArrow } from '../text/table.ts';
import {
  heading,
  paragraph,
  titledTable,
  type Block,
  type MoveRow,
  type ReportColumn,
  type Section,
} from './blocks.ts';

const right = (title: string): ReportColumn => ({ title, align: 'right' });
const id = (title: string): ReportColumn => ({ title, id: true });

const engagedText = ({ engagement }: RecallRow): string => (engagement === null ? '' : `✓ ${didIt(engagement.kind)}`);

const listTable = (title: string, rows: readonly RecallRow[]): Block[] =>
  titledTable(
    title,
    [
      right('#'),
      id(t('ad')),
      { title: t('title') },
      right(t('score')),
      { title: t('via') },
      { title: t('found by') },
      { title: t('engaged') },
    ],
    rows.map((r) => [String(r.rank), r.adId, r.title, figure(r.score), r.via, hitsText(r.channels), engagedText(r)]),
  );

const funnelBlocks = ({ funnel }: RecallData): Block[] => [
  heading(t('Funnel')),
  {
    kind: 'bars',
    label: t('Ads that each stage passes on'),
    signed: false,
    rows: funnel.map((stage) => ({
      name: stage.stage,
      value: stage.out,
      figure: count(stage.out),
      note: [
        t('of {n}', { n: count(stage.in) }),
        ...Object.entries(stage.dropped).map(([reason, n]) => `−${count(n)} ${reason}`),
      ].join(' · '),
    })),
  },
];

export const recallSection = (data: RecallData, query: RecallQuery | null): Section => ({
  subject: '',
  lead: recallHeadline(data, query),
  blocks: [
    ...(data.leak
      ? [
          paragraph(
            t('LEAK: this list uses data from after its as-of: {leaks}.', { leaks: data.leaks.join('; ') }),
            'warn',
          ),
        ]
      : []),
    ...data.notices.map((notice) => paragraph(notice, 'warn')),
    ...Object.entries(data.silent).map(([channel, why]) => paragraph(`${channel}: ${why ?? ''}`, 'dim')),
    ...funnelBlocks(data),
    ...listTable(t('List'), data.candidates),
  ],
});

const named = (row: { readonly title: string; readonly adId: string }): string =>
  row.title === '' ? row.adId : row.title;

const movesOf = ({ a, b }: CompareData): MoveRow[] => {
  const [inA, inB] = [new Map(a.map((r) => [r.adId, r.rank])), new Set(b.map((r) => r.adId))];
  return [
    ...b.map((r) => ({ name: named(r), from: inA.get(r.adId) ?? null, to: r.rank })),
    ...a.filter((r) => !inB.has(r.adId)).map((r) => ({ name: named(r), from: r.rank, to: null })),
  ];
};

export const compareSection = (data: CompareData, lead: string): Section => {
  const moves = movesOf(data);
  return {
    subject: '',
    lead,
    blocks: [
      heading(t('Movement')),
      { kind: 'moves', label: t('Where each ad went'), rows: moves, depth: Math.max(data.a.length, data.b.length) },
      {
        kind: 'table',
        columns: [{ title: '' }, right('A'), right('B'), { title: t('title') }],
        rows: moves
          .filter(({ from, to }) => from !== to)
          .slice(0, 60)
          .map(({ name, from, to }) => [
            rankArrow(from, to).text,
            from === null ? '–' : String(from),
            to === null ? '–' : String(to),
            name,
          ]),
      },
      ...listTable(t('List {side}', { side: 'A' }), data.a),
      ...listTable(t('List {side}', { side: 'B' }), data.b),
    ],
  };
};
