import type { TrainData } from '../../../answers/build.ts';
import { bar } from '../../text/bars.ts';
import { count, duration, figure, instant } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly recallAt100: number | null;
  readonly seconds: number;
}

const ending: Readonly<Record<TrainData['stopped'], string>> = {
  epochs: 'all epochs run',
  early: 'stopped early, nothing got better',
  interrupted: 'interrupted',
};

const headline = ({ best, samples, stopped, epochs }: TrainData): string => {
  const quality =
    best.recallAt100 === null
      ? 'nothing was held out to judge it by'
      : `recall@100 ${figure(best.recallAt100, 3)} on ${count(samples.heldOut)} held-out engagements`;
  return `Trained on ${count(samples.train)} samples: epoch ${best.epoch} of ${epochs.length} kept, ${quality} (${ending[stopped]}).`;
};

export const trainView = (data: TrainData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const most = Math.max(0, ...data.epochs.map((e) => e.recallAt100 ?? 0));
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: 'epoch', align: 'right', cell: (e: Epoch) => String(e.epoch) },
          { title: 'loss', align: 'right', cell: (e) => figure(e.loss) },
          { title: 'recall@100', align: 'right', cell: (e) => figure(e.recallAt100) },
          { title: '', drop: 1, cell: (e) => span(bar(e.recallAt100 ?? 0, most, 24, options.ascii), 'accent') },
          { title: 'time', align: 'right', cell: (e) => duration(e.seconds * 1000) },
          { title: '', cell: (e) => (e.epoch === data.best.epoch ? span('kept', 'good') : '') },
        ],
        data.epochs,
        width,
      ),
      blank,
      ...sentence(
        `Events before ${instant(data.until)}; backend ${data.backend.name} ${data.backend.version} (${data.backend.reason}).`,
        width,
        'dim',
      ),
      text(`Next: ${data.next}`, 'accent'),
    ],
    width,
    height,
  );
};
