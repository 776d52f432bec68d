import { noEventText } from '../../../console/window-text.ts';
import { t } from '../../../base/texts.ts';
import type { ExplainData } from '../../../answers/why.ts';
import type { EventPart, GroupPart } from '../../../domain/explanation.ts';
import { bar } from '../../text/bars.ts';
import { cellWidth, fitCells, truncateCells } from '../../text/cells.ts';
import { figure, plural, utcShort } from '../../text/figures.ts';
import { span, text, truncateLine, type Line, type Style } from '../../text/line.ts';
import { evidenceText } from '../../text/evidence.ts';
import type { Names } from '../../text/names.ts';
import { and, hanging, sentence } from '../../text/sentences.ts';

const byPhi = (a: GroupPart, b: GroupPart): number => Math.abs(b.phi) - Math.abs(a.phi) || (a.group < b.group ? -1 : 1);

/** The groups that carry at least a quarter of what the first one does: `search (+.500) and browse (+.300)`. */
const carryingText = (data: ExplainData): string => {
  const first = [...data.groups].sort(byPhi)[0]?.phi ?? 0;
  return and(
    [...data.groups]
      .sort(byPhi)
      .filter((g) => g.phi > 0 && g.phi >= Math.abs(first) / 4)
      .slice(0, 3)
      .map((g) => `${g.group} (${figure(g.phi, 3, true)})`),
  );
};

/** The model's reason, for an ad that the model placed, or that no channel did. */
const modelText = (data: ExplainData): string => {
  const groups = carryingText(data);
  const { rank } = data;
  if (rank !== null)
    return groups === ''
      ? t('At rank {rank}: no group raises it, the baseline carries it.', { rank })
      : t('At rank {rank} because of {groups}.', { rank, groups });
  const score = figure(data.score);
  return groups === ''
    ? t('Not in this list. Its model score is {score}: no group raises it, the baseline carries it.', { score })
    : t('Not in this list. Its model score is {score} because of {groups}.', { score, groups });
};

/** The reason, and the other channels that found the ad. */
const withOthers = (reason: string, channels: string): string =>
  channels === '' ? reason : `${reason} ${t('{channels} also found it.', { channels })}`;

/** The answer in one sentence: the channel that placed the ad and its evidence; the model's parts speak of its modelScore alone. */
export const explainSentence = (data: ExplainData, names?: Pick<Names, 'ad'>): string => {
  const { rank, placed } = data;
  const via = placed?.via ?? 'model';
  const others = and(data.channels.map((c) => c.channel).filter((one) => one !== via));
  if (rank === null)
    return withOthers(modelText(data), and(data.channels.map((c) => c.channel).filter((one) => one !== 'model')));
  if (via === 'model') return withOthers(modelText(data), others);
  const evidence = data.channels.find(({ channel }) => channel === via)?.evidence;
  const by = {
    rank,
    channel: via,
    score: figure(placed?.score ?? 0, 2),
    evidence: evidence === undefined ? '' : evidenceText(evidence, names),
  };
  return withOthers(t('At rank {rank} through {channel} (score {score}): {evidence}.', by), others);
};

const eventText = (part: EventPart, names: Names): string => {
  const known = part.eventId === null ? null : names.event(part.eventId);
  const subject =
    part.query ??
    known?.title ??
    (part.adId === null ? null : names.ad(part.adId)) ??
    part.peerId ??
    (part.value === null ? '' : `${part.kind} ${part.value}`);
  const when = part.at === null ? '' : ` ${utcShort(part.at)}`;
  const error = part.stderr >= 0.0005 ? ` ±${figure(part.stderr, 3)}` : '';
  return `${truncateCells(subject, 24)}${when} ${figure(part.phi, 3, true)}${error}`;
};

interface Scale {
  readonly max: number;
  readonly names: number;
  readonly track: number;
  readonly ascii: boolean;
}

const barLine = (
  sign: string,
  label: string,
  value: number,
  scale: Scale,
  style: Style | undefined,
  after: string,
  width: number,
): Line => {
  const track = fitCells(bar(value, scale.max, scale.track, scale.ascii), scale.track);
  return truncateLine(
    [
      span(`${sign} `),
      span(fitCells(label, scale.names)),
      span(` ${figure(value, 4).padStart(7)}  `),
      span(track, style),
      span(after === '' ? '' : `  ${after}`),
    ],
    width,
  );
};

const groupLine = (
  part: ExplainData['groups'][number],
  data: ExplainData,
  names: Names,
  scale: Scale,
  width: number,
): Line => {
  const events = data.events
    .filter((e) => e.group === part.group && e.phi !== 0)
    .slice(0, 3)
    .map((e) => eventText(e, names));
  const note = !part.present
    ? part.windowMs === undefined
      ? t('no input')
      : noEventText(part.windowMs)
    : part.weight === 0
      ? t('weight 0')
      : [...(part.weight === 1 ? [] : [t('weight {weight}', { weight: part.weight.toFixed(2) })]), ...events].join(
          ' · ',
        );
  return barLine(part.phi < 0 ? '−' : '+', part.group, part.phi, scale, part.phi < 0 ? 'bad' : 'good', note, width);
};

const methodLines = (data: ExplainData, width: number): Line[] =>
  data.methods
    .filter((m) => m.method === 'permutation')
    .flatMap((m) =>
      sentence(
        t('The parts of the {events} of {group} are estimated over {permutations}; ± is the standard error.', {
          events: plural(m.members, 'event'),
          group: m.group,
          permutations: plural(m.permutations, 'permutation'),
        }),
        width,
        'dim',
      ),
    );

/** A channel's score and evidence; the model's score stands above. */
const foundText = ({ channel, score, evidence, takesPart }: ExplainData['channels'][number], names: Names): string => {
  const words = evidenceText(evidence, names);
  const found =
    channel === 'model' ? words : t('score {score} · {evidence}', { score: figure(score, 2), evidence: words });
  return takesPart ? found : t('{evidence} (not used in this mode)', { evidence: found });
};

/** Why this ad: a sentence, then the parts as signed bars that add up to the score, then the evidence of each channel. */
export const explainLines = (data: ExplainData, names: Names, width: number, ascii: boolean): Line[] => {
  const max = Math.max(Math.abs(data.baseline), ...data.groups.map((g) => Math.abs(g.phi)), 1e-12);
  const byModel = data.placed === null || data.placed.via === 'model';
  const labels = Math.min(14, Math.max(byModel ? 8 : 11, ...data.groups.map((g) => cellWidth(g.group))));
  const scale: Scale = {
    max,
    names: labels,
    track: Math.max(6, Math.min(24, Math.floor((width - labels - 14) * 0.28))),
    ascii,
  };
  const groups = [...data.groups].sort(byPhi);
  return [
    ...sentence(explainSentence(data, names), width, 'bold'),
    ...(byModel ? [] : sentence(t('The model did not place it. The parts of its model score:'), width, 'dim')),
    barLine(
      data.baseline < 0 ? '−' : ' ',
      t('baseline'),
      data.baseline,
      scale,
      'dim',
      byModel ? t('the score with every weight 0') : t('the model score with every weight 0'),
      width,
    ),
    ...groups.map((g) => groupLine(g, data, names, scale, width)),
    truncateLine(
      [
        span('= '),
        span(fitCells(byModel ? t('score') : t('model score'), labels), 'bold'),
        span(` ${figure(data.score).padStart(7)}`, 'bold'),
        span(`  ${t('residual {residual}', { residual: data.residual.toExponential(0) })}`, 'dim'),
      ],
      width,
    ),
    ...methodLines(data, width),
    [],
    ...data.channels.flatMap((c) =>
      hanging(`${c.channel} #${c.rank}`, foundText(c, names), width, { label: 'accent' }),
    ),
    ...(data.nearest.length === 0 ? [] : [[], text(t('Nearest behaviours (cosine to the ad)'), 'bold')]),
    ...data.nearest
      .slice(0, 8)
      .map((n): Line =>
        truncateLine(
          [
            span(` ${figure(n.cosine, 3)}  `),
            span(`${utcShort(n.at)} ${fitCells(n.kind, 9)} `, 'dim'),
            span(names.event(n.eventId)?.title ?? names.ad(n.adId)),
          ],
          width,
        ),
      ),
  ];
};
