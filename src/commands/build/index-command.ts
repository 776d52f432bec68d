import { resolve } from 'node:path';
import { RecallError } from '../../errors.ts';
import { buildIndexArtefacts } from '../../workspace/index-artefacts.ts';
import { defaultIndexOptions } from '../../workspace/index-options.ts';
import { indexFiles, indexParameters } from '../../workspace/indexes/index.ts';
import type { IndexEntry } from '../../workspace/indexes/index.ts';
import { numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command } from '../../console/command.ts';

const atLeast = (args: ArgValues, name: string, least: number, most: number): number | undefined => {
  const value = numberArg(args, name);
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  throw new RecallError('usage', `--${name} cannot be ${value}`, {
    expected: `a whole number from ${least} to ${most}`,
  });
};

/** The file that is hashed as the index; a kind over the vectors alone has none. */
const fileOf = (index: IndexEntry): { readonly file: string | null; readonly sha256: string | null } => {
  const [file] = indexFiles(index);
  return { file: file?.path ?? null, sha256: file?.sha256 ?? null };
};

export const indexCommand: Command<'index'> = {
  id: 'index',
  title: 'Build ad vectors, index and neighbours',
  doc: 'Builds the ad vectors (ad tower over all ads), the HNSW index over them and the item-to-item neighbours, then writes the manifest. With --only i2i it builds the neighbours alone, and a team’s own index stays in use. After a failure or Ctrl-C the workspace is unchanged.',
  family: 'build',
  needs: 'nothing',
  args: [
    { name: 'dir', type: 'path', position: 0, required: true, doc: 'The folder with recall.json.' },
    {
      name: 'm',
      type: 'int',
      default: defaultIndexOptions.m,
      unit: 'links',
      doc: 'Links per node on the upper levels; level 0 has twice as many.',
    },
    {
      name: 'ef-construction',
      type: 'int',
      default: defaultIndexOptions.efConstruction,
      doc: 'Breadth of the search that places each ad.',
    },
    {
      name: 'seed',
      type: 'int',
      default: defaultIndexOptions.seed,
      doc: 'Seed of the levels: the same input and seed give the same file.',
    },
    {
      name: 'only',
      type: 'choice',
      choices: ['i2i'],
      doc: 'Build the item-to-item neighbours alone; vectors and index stay as they are.',
    },
    {
      name: 'until',
      type: 'time',
      doc: 'Item-to-item counts behaviour before this instant only (default: the end of the model’s training data; if the model states none, the manifest’s trainUntil or as-of).',
    },
  ],
  examples: ['index shop', 'index shop --m 24 --ef-construction 400', 'index team --only i2i'],
  run: async (context, args) => {
    const started = performance.now();
    const dir = textArg(args, 'dir');
    if (dir === undefined) throw new RecallError('usage', 'no folder', { expected: 'index DIR' });
    const report = await buildIndexArtefacts(resolve(dir), context.tools, {
      m: atLeast(args, 'm', 2, 512) ?? defaultIndexOptions.m,
      efConstruction: atLeast(args, 'ef-construction', 4, 100_000) ?? defaultIndexOptions.efConstruction,
      seed: atLeast(args, 'seed', 0, 0xffff_ffff) ?? defaultIndexOptions.seed,
      until: numberArg(args, 'until') ?? null,
      only: textArg(args, 'only') === 'i2i' ? 'i2i' : undefined,
      onProgress: (stage, done, total) => context.progress({ stage, done, total }),
      signal: context.signal,
    });
    const { vectors, index, i2i } = report.manifest;
    return {
      schema: 'index',
      data: {
        dir: resolve(dir),
        ads: report.ads,
        only: textArg(args, 'only') ?? null,
        vectors:
          vectors === null
            ? null
            : { file: vectors.file, sha256: vectors.sha256, dim: vectors.dim, count: vectors.count },
        index: index === null ? null : { ...fileOf(index), count: index.count, ...indexParameters(index) },
        i2i: i2i === null ? null : { file: i2i.file, sha256: i2i.sha256, builtUntil: i2i.builtUntil },
      },
      notices: report.notices,
      timingsMs: { total: performance.now() - started },
    };
  },
};
