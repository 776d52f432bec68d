import { endable } from '../base/endable.ts';
import type { Ad } from '../domain/ads.ts';
import type { InputSettings } from '../domain/inputs.ts';
import type { TowerModel, TowerWeights } from '../domain/tower/model.ts';
import type { SparseRows } from '../domain/tower/sparse-rows.ts';
import type { BackendInfo } from '../engine/ports/ports.ts';
import type { TowerStep, TowerStepOptions } from '../engine/ports/tower-step.ts';
import { RecallError } from '../errors.ts';
import { buildDataSet } from './data-set.ts';
import { runEpoch, startTraining } from './epoch.ts';
import type { Training } from './epoch.ts';
import { fitHyper } from './hyper.ts';
import type { Hyper, HyperChoice } from './hyper.ts';
import { loadWorld } from './world.ts';
import type { TrainingStore, Windowed } from './world.ts';

export interface EpochReport {
  readonly epoch: number;
  readonly loss: number;
  readonly recallAt100: number | null;
  readonly seconds: number;
}

export interface TrainOptions {
  readonly store: TrainingStore;
  /** By ordinal. */
  readonly ads: readonly Ad[];
  readonly settings: InputSettings;
  readonly engagementKinds: readonly string[];
  /** Only events strictly before are read, ms. */
  readonly until: number;
  readonly hyper: HyperChoice;
  readonly createStep: (options: TowerStepOptions) => Promise<TowerStep>;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number, note: string) => void;
}

export interface TrainResult {
  readonly model: TowerModel;
  readonly epochs: readonly EpochReport[];
  readonly best: EpochReport;
  readonly backend: BackendInfo;
  readonly hyper: Hyper;
  /** `windowed`: users with more behaviours than are read of one, and their older ones, which were not. */
  readonly samples: { readonly train: number; readonly heldOut: number; readonly windowed: Windowed };
  readonly stopped: 'epochs' | 'early' | 'interrupted';
}

export const trainTower = async (options: TrainOptions): Promise<TrainResult> => {
  const { ads, settings } = options;
  options.onProgress('reading events', 0, 1, '');
  const ordinals = new Map(ads.map((ad, i) => [ad.adId, i]));
  const ordinalOf = (adId: string): number | null => ordinals.get(adId) ?? null;
  const categoryOf = (ordinal: number): string => ads[ordinal]?.category ?? '';
  // Nothing is trained yet: until then ctrl-c ends the process at once.
  const world = endable(() => loadWorld(options.store, { ...options, ordinalOf, categoryOf }));
  options.onProgress('making samples', 0, 1, '');
  const { seed, maxSamples } = options.hyper;
  const data = endable(() => buildDataSet({ ...options, world, ordinalOf, seed, maxSamples }));
  if (data.train.count === 0) {
    throw new RecallError('bad-input', 'there is nothing to train on', {
      expected: `events of the kinds ${options.engagementKinds.join(', ')} with a known ad before ${new Date(options.until).toISOString()}`,
      todo: 'check engagementKinds in recall.json, or give a later --until',
    });
  }
  const hyper = fitHyper(options.hyper, data.train.count, settings.groups.length);
  const training = await startTraining(data, settings.groups, { hyper, createStep: options.createStep });
  try {
    const { epochs, best, snapshot, stopped } = await runEpochs(training, hyper, options);
    return {
      model: {
        shape: training.shape,
        vocabulary: data.vocabulary,
        adIds: ads.map((ad) => ad.adId),
        ads: firstThings(data.things, ads.length),
        weights: snapshot,
        temperature: hyper.temperature,
        builtUntil: options.until,
        training: { ...hyper, epochs, best: best.epoch, samples: data.train.count },
      },
      epochs,
      best,
      stopped,
      hyper,
      backend: training.step.backend,
      samples: { train: data.train.count, heldOut: data.heldOut.count, windowed: world.windowed },
    };
  } finally {
    training.step.dispose();
  }
};

/** The ads alone, without the texts and fields behind them. */
const firstThings = (things: SparseRows, count: number): SparseRows => {
  const end = things.offsets[count] ?? 0;
  return {
    count,
    offsets: things.offsets.slice(0, count + 1),
    rows: things.rows.slice(0, end),
    weights: things.weights.slice(0, end),
  };
};

interface Run {
  readonly epochs: readonly EpochReport[];
  readonly best: EpochReport;
  readonly snapshot: TowerWeights;
  readonly stopped: TrainResult['stopped'];
}

/** Epochs until nothing improves, they are used up, or somebody interrupts; the best by held-out recall is kept. */
const runEpochs = async (training: Training, hyper: Hyper, { signal, onProgress }: TrainOptions): Promise<Run> => {
  const epochs: EpochReport[] = [];
  let best: { report: EpochReport; snapshot: TowerWeights } | undefined;
  for (let epoch = 1; epoch <= hyper.epochs && !signal.aborted; epoch += 1) {
    const started = performance.now();
    const loss = await runEpoch(training, epoch, {
      signal,
      onStep: (done, total, note) => onProgress(`epoch ${epoch}`, done, total, note),
    });
    if (signal.aborted && best !== undefined) break;
    const report = { epoch, loss, recallAt100: training.recallAt100(), seconds: (performance.now() - started) / 1000 };
    epochs.push(report);
    onProgress(
      `epoch ${epoch}`,
      1,
      1,
      `loss ${loss.toFixed(4)} recall@100 ${report.recallAt100?.toFixed(4) ?? 'not measured'} ${report.seconds.toFixed(1)} s`,
    );
    if (best === undefined || (report.recallAt100 ?? 1) > (best.report.recallAt100 ?? 0))
      best = { report, snapshot: training.snapshot() };
    if (epoch - best.report.epoch >= hyper.patience) break;
  }
  if (best === undefined) throw new RecallError('cancelled', 'training was interrupted before its first step');
  const last = epochs[epochs.length - 1]?.epoch ?? 0;
  return {
    epochs,
    best: best.report,
    snapshot: best.snapshot,
    stopped: signal.aborted ? 'interrupted' : last === hyper.epochs ? 'epochs' : 'early',
  };
};
