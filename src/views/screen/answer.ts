import type { Result } from '../../answers/answers.ts';
import { linesOf } from '../answers/answer-views.ts';
import { approximationLines } from '../answers/approximations.ts';
import { span, type Line } from '../text/line.ts';
import { phrase } from '../text/phrase.ts';
import { reviewLines } from '../answers/session/review-view.ts';
import { sessionsView } from '../answers/session/sessions-view.ts';
import type { ReviewData } from '../../answers/session.ts';
import { chooseKey } from '../../state/chosen-lists.ts';
import { nextUndecided, reviewKeys } from '../../state/player/review.ts';
import { keyName } from './footer.ts';
import { counterfactualLines } from '../answers/why/counterfactual-view.ts';
import { explainLines } from '../answers/why/explain-lines.ts';
import type { FunnelData } from '../../answers/funnel.ts';
import { funnelView } from '../answers/why/funnel-view.ts';
import type { Names } from '../text/names.ts';
import { pathLines } from '../answers/why/search-path-view.ts';
import { whyNotLines } from '../answers/why/why-not-lines.ts';

/** A command's answer for the detail pane: the screen's own form where there is one, else the plain one. */
export const answerOf = (result: Result, names: Names, width: number, ascii: boolean): Line[] => {
  const own = ownForm(result, names, width, ascii);
  if (own === null) return linesOf(result, width, { ascii });
  const said = approximationLines(result, width, ascii);
  return said.length === 0 ? own : [...own, [], ...said];
};

const listKey = { key: span(keyName(chooseKey), 'accent') };

/** What can be done with a review, and the keys that do it. */
const reviewHint = (review: ReviewData): Line => {
  const step = nextUndecided(review);
  const places = {
    accept: span(keyName(reviewKeys.accept), 'accent'),
    reject: span(keyName(reviewKeys.reject), 'accent'),
    play: span(keyName(reviewKeys.play), 'accent'),
    step: step ?? '',
  };
  return step === null
    ? phrase('{play} plays the session', places)
    : phrase('{accept} accepts step {step} (with a reason), {reject} rejects it, {play} plays', places);
};

/** The keys that go on from a funnel: to its reasons, or from those to the users. */
const funnelHint = ({ best, drill }: FunnelData): Line => {
  if (drill !== null) return phrase('{key} lists these users, to open one', listKey);
  return best?.query == null
    ? phrase('{key} lists the reasons and their users', listKey)
    : phrase('{key} lists the reasons and their users · {apply} applies the first change', {
        ...listKey,
        apply: span('a', 'accent'),
      });
};

const ownForm = (result: Result, names: Names, width: number, ascii: boolean): Line[] | null => {
  switch (result.schema) {
    case 'explain':
      return explainLines(result.data, names, width, ascii);
    case 'why-not':
      return whyNotLines(result.data, names, width);
    case 'search-path':
      return pathLines(result.data, names, width, ascii);
    case 'counterfactual':
      return counterfactualLines(result.data, names, width, ascii);
    case 'funnel':
      return [...funnelView(result.data, width, { ascii }), [], funnelHint(result.data)];
    case 'review':
      return [...reviewLines(result.data, width, []), [], reviewHint(result.data)];
    case 'sessions':
      return result.data.sessions.length === 0
        ? null
        : [
            ...sessionsView(result.data, width),
            [],
            phrase('{key} lists them, to play one or to narrow the list', listKey),
          ];
    default:
      return null;
  }
};
