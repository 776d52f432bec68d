import type { FunnelData, FunnelGain } from '../../../answers/funnel.ts';
import { t } from '../../../base/texts.ts';
import type { FunnelChange, NotRun } from '../../../domain/funnel/changes.ts';
import { count, figure, percent, plural } from '../../text/figures.ts';
import { blank, span, text, type Line } from '../../text/line.ts';
import { hanging, sentence } from '../../text/sentences.ts';
import { table } from '../../text/table.ts';
import { changeText } from './why-not-sentences.ts';

/** A change over all users, in words. */
export const funnelChangeText = (change: FunnelChange): string => {
  switch (change.type) {
    case 'without-duplicates':
      return t('{ads} of the campaign removed', {
        ads: plural(change.adIds.length, 'near-identical ad'),
      });
    case 'lift':
      return t('{filter} lifted for these ads', { filter: change.filter });
    default:
      return changeText(change);
  }
};

/** `.1148 → .1163 (−.0010 … +.0040)` */
const recallText = ({ recall }: FunnelGain): string => {
  if (recall === null) return '–';
  const { meanA, meanB, deltaCi } = recall.bootstrap;
  return t('{before} → {after} ({low} … {high})', {
    before: figure(meanA),
    after: figure(meanB),
    low: figure(deltaCi.low, 4, true),
    high: figure(deltaCi.high, 4, true),
  });
};

const shortRecall = ({ recall }: FunnelGain): string =>
  recall === null ? '–' : figure(recall.bootstrap.delta, 4, true);

const gainTable = (data: FunnelData, width: number): Line[] => {
  const wide = width >= 110;
  return table<FunnelGain>(
    [
      { title: '', cell: (row) => (row === data.best || row.change === data.best?.change ? '▸' : ' ') },
      { title: t('change'), cell: (row) => funnelChangeText(row.change), flex: 1, min: 32 },
      {
        title: t('regained'),
        align: 'right',
        cell: ({ regained }) => span(count(regained), regained > 0 ? 'good' : 'dim'),
      },
      { title: t('lost'), align: 'right', cell: ({ lost }) => span(count(lost), lost > 0 ? 'bad' : 'dim') },
      { title: t('in the list'), align: 'right', drop: 1, cell: ({ reached }) => count(reached.after) },
      { title: t('displaced'), align: 'right', cell: ({ displaced }) => percent(displaced.share) },
      wide
        ? { title: t('recall of engaged ads (95 %)'), align: 'right' as const, cell: recallText }
        : { title: t('engaged'), align: 'right' as const, cell: shortRecall },
    ],
    data.changes,
    width,
  );
};

const kindText = (kind: NotRun['kind']): string => {
  switch (kind) {
    case 'ef':
    case 'k':
      return kind;
    case 'weight':
      return t('weights');
    case 'quota':
      return t('quotas');
    case 'order':
      return t('places in the merge');
    case 'without-duplicates':
      return t('near-identical ads');
    case 'lift':
      return t('filters');
  }
};

const displacedLines = (data: FunnelData, width: number): Line[] => {
  const { best, titles } = data;
  if (best === null || best.displaced.ads.length === 0) return [];
  const ads = best.displaced.ads
    .slice(0, 3)
    .map(({ adId, users }) =>
      t('{ad} for {users}', { ad: `${adId} ${titles[adId] ?? ''}`.trim(), users: plural(users, 'user') }),
    );
  return hanging(t('Displaced most by the first:'), ads.join(' · '), width, { label: 'dim', text: 'dim' });
};

/** Flags say it on a line; a query as JSON takes many. */
const isShort = (command: string): boolean => !command.includes('--query');

const commandLines = ({ best }: FunnelData, width: number): Line[] =>
  best?.command !== null && best?.command !== undefined && isShort(best.command)
    ? hanging(t('The same with the first change:'), best.command, width, { label: 'dim' })
    : [];

/** The changes that were run over all these users, the best first; what was not run, and why. */
export const changeLines = (data: FunnelData, width: number): Line[] => {
  const { changes, notRun, users } = data;
  if (changes.length === 0 && notRun.length === 0) return [];
  return [
    blank,
    text(t('Changes, each run over {users}', { users: plural(users, 'user') }), 'bold'),
    ...(changes.length === 0 ? sentence(t('None was run.'), width, 'dim') : gainTable(data, width)),
    ...displacedLines(data, width),
    ...commandLines(data, width),
    ...notRun.flatMap(({ kind, why }) =>
      hanging(`  ${t('not run: {kind}', { kind: kindText(kind) })}`, `(${why})`, width, { label: 'dim', text: 'dim' }),
    ),
  ];
};
