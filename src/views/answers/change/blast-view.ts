import type { BlastData, TitledShift } from '../../../answers/change.ts';
import { t, tn } from '../../../base/texts.ts';
import { count, figure, percent, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const changeText = ({ change }: BlastData): string =>
  change.length === 0
    ? t('No change: both queries have the same settings.')
    : t('Change: {changes}.', {
        changes: change
          .map(({ path, a, b }) =>
            a === null ? `${path} ${String(b ?? '')}` : `${path} ${String(a)} → ${String(b ?? t('none'))}`,
          )
          .join(' · '),
      });

const headline = (d: BlastData): string =>
  [
    t('The list changes for {share} of {users} (its set of ads for {setShare}).', {
      share: percent(d.shareChanged),
      users: plural(d.users, 'user'),
      setShare: percent(d.shareSetChanged),
    }),
    t('Mean RBO {rbo}, Jaccard {jaccard}.', { rbo: figure(d.meanRbo, 3), jaccard: figure(d.meanJaccard, 3) }),
    tn(d.entered, '{n} position changes.', '{positions} positions change.', { positions: count(d.entered) }),
  ].join(' ');

const recallText = ({ recall }: BlastData): string => {
  if (recall === null) return t('Recall cannot be measured: no user engaged with an ad after as-of.');
  const {
    bootstrap: { meanA, meanB, delta, deltaCi },
    test,
  } = recall;
  return t(
    'Recall of engaged ads over {users}: {before} before, {after} after, {delta} (95 % {low} to {high}), p {p} (paired sign-flip, {method}).',
    {
      users: plural(recall.users, 'user'),
      before: figure(meanA),
      after: figure(meanB),
      delta: figure(delta, 4, true),
      low: figure(deltaCi.low, 4, true),
      high: figure(deltaCi.high, 4, true),
      p: test.p < 0.001 ? '< .001' : figure(test.p, 3),
      method: test.method,
    },
  );
};

const shifts = (title: string, rows: readonly TitledShift[], width: number): Line[] =>
  rows.length === 0
    ? []
    : [
        blank,
        [span(title, 'bold')],
        ...table<TitledShift>(
          [
            { title: t('net'), align: 'right', cell: (s) => span(figure(s.net, 0, true), s.net > 0 ? 'good' : 'bad') },
            { title: t('ad'), cell: (s) => (s.title === '' ? s.adId : s.title), flex: 1, min: 10 },
            { title: t('id'), cell: (s) => span(s.adId, 'dim'), drop: 2 },
            { title: t('in'), align: 'right', cell: (s) => count(s.gained), drop: 1 },
            { title: t('out'), align: 'right', cell: (s) => count(s.lost), drop: 1 },
          ],
          rows,
          width,
        ),
      ];

export const blastView = (data: BlastData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(changeText(data), width, 'dim'),
      ...sentence(headline(data), width, 'bold'),
      ...sentence(recallText(data), width),
      ...(data.failed === 0
        ? []
        : sentence(
            tn(
              data.failed,
              'The recall of {n} user failed: the user vector is zero.',
              'The recalls of {users} users failed: their user vectors are zero.',
              { users: count(data.failed) },
            ),
            width,
            'warn',
          )),
      ...(data.sampled < data.of
        ? sentence(
            t('Sample: {sampled} of {users}, seed {seed}.', {
              sampled: count(data.sampled),
              users: plural(data.of, 'user'),
              seed: data.seed,
            }),
            width,
            'dim',
          )
        : []),
      ...shifts(t('Ads that gain most impressions'), data.gains, width),
      ...shifts(t('Ads that lose most impressions'), data.losses, width),
    ],
    width,
    height,
  );
