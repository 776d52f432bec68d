import { t } from '../../base/texts.ts';
import type { Progress } from '../../console/command.ts';
import { bar } from '../text/bars.ts';
import { count, percent } from '../text/figures.ts';
import { span, type Line } from '../text/line.ts';

/** The stage, how far it is, and a bar where the whole is known. */
export const progressLines = (progress: Progress, width: number, ascii: boolean): Line[] => {
  const { stage, done, total, note } = progress;
  const figures =
    total === null
      ? done > 0
        ? count(done)
        : ''
      : t('{n} of {total}', { n: count(done), total: count(total) }) + (total > 0 ? ` · ${percent(done / total)}` : '');
  const track = Math.max(0, Math.min(40, width - 4));
  return [
    [span(stage, 'bold'), span(`  ${figures}${note === undefined ? '' : ` · ${note}`}`, 'dim')],
    ...(total === null || total === 0 ? [] : [[span(bar(done, total, track, ascii), 'accent')]]),
  ];
};
