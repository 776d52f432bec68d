import type { FunnelData } from '../../../answers/funnel.ts';
import { fitLines, type Line, type ViewOptions } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';
import { changeLines } from './funnel-changes.ts';
import { drillLines } from './funnel-drill.ts';
import { funnelSentence, sampleSentence } from './funnel-sentences.ts';
import { byUserLines, waterfallLines } from './funnel-waterfall.ts';

/** Where the ads are lost: the sentence, the funnel with its losses, the changes that were run. */
export const funnelView = (data: FunnelData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const ascii = options.ascii === true;
  return fitLines(
    [
      ...sentence(funnelSentence(data), width, 'bold'),
      ...sampleSentence(data).flatMap((words) => sentence(words, width, 'dim')),
      [],
      ...waterfallLines(data, width, ascii),
      ...byUserLines(data, width, ascii),
      ...drillLines(data, width),
      ...changeLines(data, width),
    ],
    width,
    height,
  );
};
