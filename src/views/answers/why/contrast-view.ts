import type { ContrastData } from '../../../answers/why.ts';
import { t } from '../../../base/texts.ts';
import type { EventPart, GroupPart } from '../../../domain/explanation.ts';
import { bar } from '../../text/bars.ts';
import { figure, utcShort } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { namesFrom } from '../../text/names.ts';
import { placedOtherwise } from './model-score.ts';
import { and, sentence } from '../../text/sentences.ts';

const strongest = (groups: readonly GroupPart[], sign: number): string[] =>
  groups
    .filter((g) => g.phi * sign > 0)
    .sort((a, b) => Math.abs(b.phi) - Math.abs(a.phi))
    .slice(0, 2)
    .map((g) => `${g.group} (${figure(g.phi, 3, true)})`);

const headline = (data: ContrastData, nameOf: (adId: string) => string): string => {
  const { a, b, score } = data;
  const [winner, loser] = score >= 0 ? [a, b] : [b, a];
  const because = strongest(data.groups, score >= 0 ? 1 : -1);
  const against = strongest(data.groups, score >= 0 ? -1 : 1);
  const names = { winner: nameOf(winner.adId), loser: nameOf(loser.adId), score: figure(Math.abs(score)) };
  if (because.length === 0 && against.length === 0)
    return t('By model score {winner} is {score} above {loser}.', names);
  if (against.length === 0)
    return t('By model score {winner} is {score} above {loser} because of {groups}.', {
      ...names,
      groups: and(because),
    });
  return because.length === 0
    ? t('By model score {winner} is {score} above {loser}, against {others}.', { ...names, others: and(against) })
    : t('By model score {winner} is {score} above {loser} because of {groups}, against {others}.', {
        ...names,
        groups: and(because),
        others: and(against),
      });
};

/** Both groups' bars; the sign of a figure says for which of the two it speaks. */
const parts = (data: ContrastData, width: number, ascii: boolean): Line[] => {
  const most = Math.max(Math.abs(data.baseline), ...data.groups.map((g) => Math.abs(g.phi)));
  const rows = [
    { name: t('baseline'), value: data.baseline },
    ...data.groups.map((g) => ({ name: g.group, value: g.phi })),
    { name: t('residual'), value: data.residual },
  ];
  return [
    ...table(
      [
        { title: '', cell: (r: (typeof rows)[number]) => r.name },
        { title: 'A − B', align: 'right', cell: (r) => figure(r.value, 4, true) },
        { title: '', min: 0, cell: (r) => span(bar(r.value, most, 24, ascii), r.value < 0 ? 'bad' : 'good') },
        { title: '', drop: 1, cell: (r) => span(r.value === 0 ? '' : r.value > 0 ? t('for A') : t('for B'), 'dim') },
      ],
      rows,
      width,
    ),
    [
      span('= '),
      span(figure(data.score, 4, true), 'bold'),
      span(`  ${t('the difference of the two model scores')}`, 'dim'),
    ],
  ];
};

const eventName = (e: EventPart, nameOf: (adId: string) => string): string =>
  e.query ?? (e.adId === null ? (e.value ?? e.peerId ?? '') : nameOf(e.adId));

export const contrastView = (data: ContrastData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const names = namesFrom(data.titles);
  const side = (letter: string, { adId, rank, score }: ContrastData['a']): string =>
    rank === null
      ? t('{side} {ad}: not in the list, model score {score}', { side: letter, ad: adId, score: figure(score) })
      : t('{side} {ad}: #{rank}, model score {score}', { side: letter, ad: adId, rank, score: figure(score) });
  return fitLines(
    [
      ...sentence(headline(data, names.ad), width, 'bold'),
      text(side('A', data.a)),
      text(side('B', data.b)),
      ...placedOtherwise(options.query, width),
      blank,
      ...parts(data, width, options.ascii === true),
      ...(data.events.length === 0
        ? []
        : [
            blank,
            ...table(
              [
                {
                  title: 'A − B',
                  align: 'right',
                  cell: (e: EventPart) => `${figure(e.phi, 4, true)}${e.stderr > 0 ? ` ±${figure(e.stderr)}` : ''}`,
                },
                { title: t('group'), cell: (e) => e.group },
                { title: t('kind'), cell: (e) => e.kind },
                { title: t('event'), min: 10, flex: 1, cell: (e) => eventName(e, names.ad) },
                { title: t('time'), drop: 1, cell: (e) => (e.at === null ? '' : utcShort(e.at)) },
              ],
              data.events.slice(0, 15),
              width,
            ),
          ]),
    ],
    width,
    height,
  );
};
