import type { TrainData } from '../../../answers/build.ts';
import { t } from '../../../base/texts.ts';
import { bar } from '../../text/bars.ts';
import { duration, figure, instant, plural } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly recallAt100: number | null;
  readonly seconds: number;
}

const ending: Readonly<Record<TrainData['stopped'], () => string>> = {
  epochs: () => t('all epochs run'),
  early: () => t('stopped early: no improvement'),
  interrupted: () => t('interrupted'),
};

const headline = ({ best, samples, stopped, epochs }: TrainData): string => {
  const places = {
    samples: plural(samples.train, 'sample'),
    epoch: best.epoch,
    epochs: epochs.length,
    ending: ending[stopped](),
  };
  return best.recallAt100 === null
    ? t(
        'Trained on {samples}: best epoch {epoch} of {epochs} ({ending}). No engagement was held out to measure recall.',
        places,
      )
    : t('Trained on {samples}: best epoch {epoch} of {epochs} ({ending}). Recall@100 {recall} on {heldOut}.', {
        ...places,
        recall: figure(best.recallAt100, 3),
        heldOut: plural(samples.heldOut, 'held-out engagement'),
      });
};

export const trainView = (data: TrainData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const most = Math.max(0, ...data.epochs.map((e) => e.recallAt100 ?? 0));
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: t('epoch'), align: 'right', cell: (e: Epoch) => String(e.epoch) },
          { title: t('loss'), align: 'right', cell: (e) => figure(e.loss) },
          { title: t('recall@100'), align: 'right', cell: (e) => figure(e.recallAt100) },
          { title: '', drop: 1, cell: (e) => span(bar(e.recallAt100 ?? 0, most, 24, options.ascii), 'accent') },
          { title: t('time'), align: 'right', cell: (e) => duration(e.seconds * 1000) },
          { title: '', cell: (e) => (e.epoch === data.best.epoch ? span(t('best'), 'good') : '') },
        ],
        data.epochs,
        width,
      ),
      blank,
      ...sentence(
        t('Events before {until}; backend {backend} {version} ({reason}).', {
          until: instant(data.until),
          backend: data.backend.name,
          version: data.backend.version,
          reason: data.backend.reason,
        }),
        width,
        'dim',
      ),
      text(t('Next: {command}', { command: data.next }), 'accent'),
    ],
    width,
    height,
  );
};
