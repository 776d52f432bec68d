import type { PlayedAnswer } from '../../../answers/session.ts';
import { t } from '../../../base/texts.ts';
import { figure, plural } from '../../text/figures.ts';

/** A recorded or present answer in a few words. */
export const answerWords = (answer: PlayedAnswer['recorded']): string => {
  if (answer === null) return t('no answer');
  switch (answer.kind) {
    case 'verdict':
      return answer.rank === null
        ? answer.verdict
        : t('{verdict} at rank {rank}', { verdict: answer.verdict, rank: answer.rank });
    case 'explanation':
      return t('model score {score}, strongest group {group}', {
        score: figure(answer.score),
        group: answer.topGroup ?? t('none'),
      });
    case 'list':
      return plural(answer.ids.length, 'ad');
    case 'lists':
      return t('{a} and {b}', { a: plural(answer.a.ids.length, 'ad'), b: plural(answer.b.ids.length, 'ad') });
    case 'error':
      return answer.message === undefined
        ? t('error {code}', { code: answer.code })
        : t('error {code}: {message}', { code: answer.code, message: answer.message });
    default:
      return t('an answer compared by its digest');
  }
};
