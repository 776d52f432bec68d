import type { FunnelData } from '../../../answers/funnel.ts';
import { t, tn } from '../../../base/texts.ts';
import { fitPercent } from '../../../base/percent.ts';
import { count, percent, plural } from '../../text/figures.ts';
import { lossText } from '../../text/losses.ts';
import { funnelChangeText } from './funnel-changes.ts';

/** The ads in question, in words. */
const subjectText = ({ subject }: FunnelData): string => {
  const { kind, name, title, ads } = subject;
  if (kind === 'ad') return `${name} ${title ?? ''}`.trim();
  return kind === 'campaign'
    ? t('{ads} of campaign {name}', { ads: plural(ads, 'ad'), name })
    : t('{ads} of category {name}', { ads: plural(ads, 'ad'), name });
};

const reachSentence = (data: FunnelData): string => {
  const places = {
    ads: subjectText(data),
    reached: count(data.reached),
    users: plural(data.users, 'user'),
    share: percent(data.users === 0 ? 0 : data.reached / data.users),
  };
  return data.subject.kind === 'ad'
    ? t('{ads}: RECALLED for {reached} of {users} ({share}).', places)
    : t('{ads}: at least one RECALLED for {reached} of {users} ({share}).', places);
};

const mostSentence = ({ reasons, subject }: FunnelData): string => {
  const [first] = reasons.filter(({ reason }) => reason !== 'recalled');
  if (first === undefined) return t('None is lost.');
  const places = { reason: lossText({ verdict: first.reason, detail: first.detail }), share: fitPercent(first.share) };
  return subject.ads === 1
    ? t('Most are lost here: {reason} ({users}, {share}).', { ...places, users: plural(first.users, 'user') })
    : t('Most are lost here: {reason} ({pairs}, {share}).', {
        ...places,
        pairs: plural(first.pairs, 'pair of user and ad', 'pairs of user and ad'),
      });
};

const bestSentence = ({ best, changes }: FunnelData): string => {
  if (changes.length === 0) return '';
  return best === null
    ? t('No change that was run regains more users than it loses.')
    : tn(
        best.regained,
        'The best change regains {n} user: {change} (run).',
        'The best change regains {users} users: {change} (run).',
        {
          users: count(best.regained),
          change: funnelChangeText(best.change),
        },
      );
};

/** The answer in a few sentences. */
export const funnelSentence = (data: FunnelData): string =>
  [reachSentence(data), mostSentence(data), bestSentence(data)].filter((words) => words !== '').join(' ');

/** Who was asked, and whose query had no answer; nothing where all were. */
export const sampleSentence = ({ sample, failed, subject }: FunnelData): string[] => [
  ...(sample.users < sample.of
    ? [
        [
          t('Sample: {sampled} of {users}, seed {seed}.', {
            sampled: count(sample.users),
            users: plural(sample.of, 'user'),
            seed: sample.seed,
          }),
          sample.fewer
            ? t('Fewer than by default, since there are {ads} ads; --users sets it.', { ads: count(subject.ads) })
            : '',
        ]
          .filter((words) => words !== '')
          .join(' '),
      ]
    : []),
  ...(failed === 0 ? [] : [tn(failed, '{n} query failed.', '{queries} queries failed.', { queries: count(failed) })]),
];
