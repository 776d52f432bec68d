import type { ContrastData, ExplainData, SearchPathData, WhyNotData } from '../../answers/why.ts';
import { t } from '../../base/texts.ts';
import type { EventPart, GroupPart } from '../../domain/explanation.ts';
import { explainSentence } from '../answers/why/explain-lines.ts';
import { pathSentence } from '../answers/why/search-path-view.ts';
import { channelProof, noRepair, repairSentence, verdictSentence } from '../answers/why/why-not-sentences.ts';
import { evidenceText } from '../text/evidence.ts';
import { figure, plural, utc } from '../text/figures.ts';
import { namesFrom, type Names } from '../text/names.ts';
import {
  heading,
  paragraph,
  titledTable,
  type Block,
  type PathPoint,
  type ReportColumn,
  type Section,
} from './blocks.ts';

const right = (title: string): ReportColumn => ({ title, align: 'right' });
const id = (title: string): ReportColumn => ({ title, id: true });

interface Parts {
  readonly baseline: number;
  readonly groups: readonly GroupPart[];
  readonly residual: number;
  readonly score: number;
}

const weightNote = ({ weight, present }: GroupPart): string =>
  !present ? t('no input') : weight === 1 ? '' : t('weight {weight}', { weight: figure(weight, 2) });

/** The parts that sum to a score, its total last. */
const partsBlock = ({ baseline, groups, residual, score }: Parts, label: string): Block => ({
  kind: 'bars',
  label,
  signed: true,
  rows: [
    { name: t('baseline'), value: baseline, figure: figure(baseline, 4, true), note: '' },
    ...groups.map((g) => ({ name: g.group, value: g.phi, figure: figure(g.phi, 4, true), note: weightNote(g) })),
    { name: t('residual'), value: residual, figure: residual.toExponential(0), note: '' },
    { name: t('= score'), value: score, figure: figure(score), note: '' },
  ],
});

const subjectOf = (part: EventPart, names: Names): string =>
  part.query ?? (part.adId === null ? (part.value ?? part.peerId ?? '') : names.ad(part.adId));

const eventsTable = (events: readonly EventPart[], names: Names): Block[] =>
  titledTable(
    t('Behaviours'),
    [right('φ'), { title: t('group') }, { title: t('kind') }, { title: t('event') }, { title: t('time (UTC)') }],
    events
      .slice(0, 25)
      .map((e) => [
        `${figure(e.phi, 4, true)}${e.stderr > 0 ? ` ±${figure(e.stderr)}` : ''}`,
        e.group,
        e.kind,
        subjectOf(e, names),
        e.at === null ? '' : utc(e.at),
      ]),
  );

export const explainSection = (data: ExplainData): Section => {
  const names = namesFrom(data.titles);
  return {
    subject: `${data.adId} ${data.title}`,
    lead: explainSentence(data, names),
    blocks: [
      heading(t('Parts of the model score')),
      partsBlock(data, t('Parts of the model score')),
      ...titledTable(
        t('Channels'),
        [{ title: t('channel') }, right(t('rank')), right(t('score')), { title: t('evidence') }],
        data.channels.map((c) => [c.channel, String(c.rank), figure(c.score), evidenceText(c.evidence, names)]),
      ),
      ...eventsTable(data.events, names),
    ],
  };
};

export const contrastSection = (data: ContrastData, lead: string): Section => {
  const names = namesFrom(data.titles);
  return {
    subject: `${names.ad(data.a.adId)} · ${names.ad(data.b.adId)}`,
    lead,
    blocks: [
      heading(t('The difference of the two model scores, A − B')),
      partsBlock(data, t('The difference of the two model scores, A − B')),
      ...eventsTable(data.events, names),
    ],
  };
};

const repairBlocks = (data: WhyNotData): Block[] => {
  if (data.verdict === 'recalled' || data.verdict === 'unknown-ad') return [];
  return [
    heading(t('Repair')),
    data.repair === null ? paragraph(noRepair(data)) : paragraph(repairSentence(data.repair), 'good'),
  ];
};

const marginOf = ({ margin, rankMargin }: WhyNotData['channels'][number]): string =>
  [...(margin === null ? [] : [figure(margin)]), ...(rankMargin === null ? [] : [plural(rankMargin, 'rank')])].join(
    ', ',
  );

export const whyNotSection = (data: WhyNotData): Section => {
  const names = namesFrom(data.titles);
  return {
    subject: `${data.adId} ${data.title ?? ''}`.trim(),
    lead: verdictSentence(data),
    blocks: [
      ...repairBlocks(data),
      ...titledTable(
        t('Channels'),
        [{ title: t('channel') }, { title: t('verdict') }, right(t('missing')), { title: t('proof') }],
        data.channels.map((c) => [c.channel, c.verdict, marginOf(c), channelProof(c, names)]),
      ),
      ...titledTable(
        t('Displaced by'),
        [right('#'), id(t('ad')), { title: t('title') }, { title: t('via') }],
        data.displacedBy.slice(0, 10).map((d) => [String(d.rank), d.adId, names.ad(d.adId), d.via]),
      ),
      ...titledTable(
        t('Near-identical ads that crowd it'),
        [id(t('ad')), { title: t('title') }],
        (data.crowding?.adIds ?? []).slice(0, 10).map((adId) => [adId, names.ad(adId)]),
      ),
    ],
  };
};

/** The nodes that the search followed; on the bottom level those that came nearer than any before. */
const pointsOf = (data: SearchPathData): PathPoint[] => {
  const nearest = { distance: Number.POSITIVE_INFINITY };
  const followed = data.hops.filter((hop) => {
    if (hop.level > 0) return true;
    const nearer = hop.distance < nearest.distance;
    if (nearer) nearest.distance = hop.distance;
    return nearer;
  });
  return [data.entry, ...followed].map((hop) => ({ level: hop.level, score: 1 - hop.distance, name: hop.adId }));
};

export const searchPathSection = (data: SearchPathData): Section => {
  const points = pointsOf(data);
  const expanded = new Map(data.inNeighbours.map((n) => [n.adId, n.expanded]));
  return {
    subject: `${data.adId} ${data.title}`,
    lead: pathSentence(data),
    blocks: [
      ...(data.nativeAgrees
        ? []
        : [paragraph(t('This path is not the native search: the native index returned another list.'), 'bad')]),
      heading(t('Search path')),
      { kind: 'path', label: t('Score of each node on the way to the ad'), points, goal: 1 - data.distance },
      {
        kind: 'table',
        columns: [right(t('step')), right(t('level')), right(t('score')), id(t('ad'))],
        rows: points.map((p, i) => [String(i), String(p.level), figure(p.score), p.name]),
      },
      ...titledTable(
        t('Ads whose links lead to it'),
        [id(t('ad')), { title: t('the search expanded it') }],
        [...expanded].slice(0, 20).map(([adId, did]) => [adId, did ? t('yes') : t('no')]),
      ),
    ],
  };
};
