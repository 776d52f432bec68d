import type { PlayedAnswer } from '../../../answers/session.ts';
import { figure, plural } from '../../text/figures.ts';

/** A recorded or present answer in a few words. */
export const answerWords = (answer: PlayedAnswer['recorded']): string => {
  if (answer === null) return 'nothing';
  switch (answer.kind) {
    case 'verdict':
      return `${answer.verdict}${answer.rank === null ? '' : ` at rank ${answer.rank}`}`;
    case 'explanation':
      return `score ${figure(answer.score)}, strongest group ${answer.topGroup ?? 'none'}`;
    case 'list':
      return plural(answer.ids.length, 'ad');
    case 'lists':
      return `${plural(answer.a.ids.length, 'ad')} and ${answer.b.ids.length}`;
    case 'error':
      return `error ${answer.code}${answer.message === undefined ? '' : `: ${answer.message}`}`;
    default:
      return 'another kind of answer, compared by its digest';
  }
};
