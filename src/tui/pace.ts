import { t } from '../base/texts.ts';
import type { Progress } from '../console/command.ts';

/** Below this a rate says nothing yet. */
const rateAfterMs = 300;

/** Progress with its rate and the time that remains, as far as they can be known. */
export const paced = (report: (progress: Progress) => void): ((progress: Progress) => void) => {
  let since: { readonly stage: string; readonly at: number; readonly done: number } | null = null;
  return (progress) => {
    const now = performance.now();
    if (since === null || since.stage !== progress.stage)
      since = { stage: progress.stage, at: now, done: progress.done };
    const [seconds, did] = [(now - since.at) / 1000, progress.done - since.done];
    if (seconds * 1000 < rateAfterMs || did <= 0) return report(progress);
    const perSecond = did / seconds;
    const rate = perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1);
    const pace =
      progress.total === null
        ? t('{rate} a second', { rate })
        : t('{rate} a second · {seconds} s left', {
            rate,
            seconds: Math.ceil((progress.total - progress.done) / perSecond),
          });
    report({ ...progress, note: progress.note === undefined ? pace : `${progress.note} · ${pace}` });
  };
};
