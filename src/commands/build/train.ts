import { resolve } from 'node:path';
import { shellWord } from '../../base/shell.ts';
import { RecallError } from '../../errors.ts';
import { defaultHyper } from '../../training/hyper.ts';
import { trainWorkspace } from '../../training/train-workspace.ts';
import { mostEvents } from '../../training/world.ts';
import { numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command } from '../../console/command.ts';

const whole = <T>(args: ArgValues, name: string, least: number, most: number, otherwise: T): number | T => {
  const value = numberArg(args, name);
  if (value === undefined) return otherwise;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RecallError('usage', `--${name} cannot be ${value}`, {
    expected: `a whole number from ${least} to ${most}`,
  });
};

export const trainCommand: Command<'train'> = {
  id: 'train',
  title: 'Train the two-tower model',
  doc: "Trains the two towers on the workspace's sample: sampled softmax over (user as of t, ad engaged at t), inputs strictly before t. After each epoch it reports the loss and recall@100 on held-out last engagements (full ranking). It stops early and keeps the best epoch, also on Ctrl-C. Of a user with more behaviours than 10,000 the newest are read, the others are counted in samples.windowed. Run index afterwards.",
  family: 'build',
  needs: 'nothing',
  args: [
    { name: 'dir', type: 'path', position: 0, required: true, doc: 'The folder with recall.json.' },
    {
      name: 'epochs',
      type: 'int',
      doc: 'Maximum number of passes over the samples; the learning rate falls linearly over them (default: about 3,000 steps, at least 5 passes).',
    },
    { name: 'dim', type: 'int', default: defaultHyper.dim, doc: 'Dimension of the vectors.' },
    { name: 'batch', type: 'int', default: defaultHyper.batch, unit: 'samples', doc: 'Samples per step.' },
    {
      name: 'seed',
      type: 'int',
      default: defaultHyper.seed,
      doc: 'Seed of initial weights, sample order, held-out users and negatives: the same seed gives the same model on the same backend.',
    },
    {
      name: 'samples',
      type: 'int',
      default: defaultHyper.maxSamples,
      doc: 'Maximum number of samples; if there are more, a seeded sample of them is taken.',
    },
    {
      name: 'until',
      type: 'time',
      doc: 'Train on events before this instant only (default: the trainUntil that the import declared, else the default as-of).',
    },
  ],
  examples: ['train shop', 'train shop --epochs 3 --seed 7'],
  run: async (context, args) => {
    const started = performance.now();
    const dir = textArg(args, 'dir');
    if (dir === undefined) throw new RecallError('usage', 'no folder', { expected: 'train DIR' });
    const choice = {
      ...defaultHyper,
      epochs: whole(args, 'epochs', 1, 1000, defaultHyper.epochs),
      dim: whole(args, 'dim', 2, 1024, defaultHyper.dim),
      batch: whole(args, 'batch', 8, 8192, defaultHyper.batch),
      seed: whole(args, 'seed', 0, 0xffff_ffff, defaultHyper.seed),
      maxSamples: whole(args, 'samples', 100, 100_000_000, defaultHyper.maxSamples),
    };
    const result = await trainWorkspace(resolve(dir), context.tools, {
      hyper: choice,
      until: numberArg(args, 'until') ?? null,
      signal: context.signal,
      onProgress: (stage, done, total, note) => context.progress({ stage, done, total, note }),
    });
    const { epochs, best, stopped, hyper, backend, samples, until, dropped, manifest } = result;
    return {
      schema: 'train',
      data: {
        dir: resolve(dir),
        model: manifest.model,
        until,
        epochs,
        best,
        stopped,
        backend,
        samples,
        settings: hyper,
        dropped,
        next: `recall-tui index ${shellWord(dir)}`,
      },
      notices: [
        ...(samples.windowed.users === 0
          ? []
          : [
              `users with more than ${mostEvents} behaviours: ${samples.windowed.users}. Their newest ${mostEvents} were read, ${samples.windowed.events} older ones were left out`,
            ]),
        ...(stopped === 'interrupted' ? [`interrupted: epoch ${best.epoch}, the best so far, was kept`] : []),
        ...(dropped.length === 0
          ? []
          : [
              `${dropped.join(' and ')} fitted the old model and were dropped: run \`recall-tui index ${shellWord(dir)}\``,
            ]),
      ],
      timingsMs: { total: performance.now() - started },
    };
  },
};
