import type { FunnelStage } from '../../../domain/result.ts';
import { t } from '../../../base/texts.ts';
import { bar } from '../../text/bars.ts';
import { count } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';

const droppedText = (stage: FunnelStage): string =>
  Object.entries(stage.dropped)
    .filter(([, n]) => (n ?? 0) > 0)
    .map(([why, n]) => `${why} ${count(n ?? 0)}`)
    .join(' · ');

/** Eligible → channels → merge → cutoff: what went in, what came out, what was dropped and why. */
export const funnelView = (
  funnel: readonly FunnelStage[],
  width: number,
  options: ViewOptions = {},
  height?: number,
): Line[] => {
  const most = Math.max(1, ...funnel.map((s) => Math.log1p(s.out)));
  return fitLines(
    table(
      [
        { title: t('stage'), cell: (s: FunnelStage) => s.stage },
        { title: t('in'), align: 'right', cell: (s) => count(s.in) },
        { title: t('out'), align: 'right', cell: (s) => count(s.out) },
        {
          title: t('(log)'),
          min: 0,
          max: 12,
          drop: 1,
          cell: (s) => span(bar(Math.log1p(s.out), most, 12, options.ascii), 'accent'),
        },
        { title: t('dropped'), min: 10, flex: 1, cell: (s) => droppedText(s) },
      ],
      funnel,
      width,
    ),
    width,
    height,
  );
};
