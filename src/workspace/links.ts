import { RecallError } from '../errors.ts';
import type { Manifest } from './manifest/manifest.ts';
import { modelKindOf } from './models/index.ts';

/** One thing the manifest says about two artefacts that cannot both be true, or is worth knowing. */
export interface LinkProblem {
  /**
   * Stable name: `stale-index`, `stale-vectors`, `stale-i2i`, `swapped-model`, `dimension`, `count`, `metric`,
   * `model-of-another-sample`.
   */
  readonly name: string;
  readonly message: string;
  readonly expected: string;
  readonly found: string;
  /** false: worth a notice only. */
  readonly fatal: boolean;
}

const short = (sha256: string | null): string => (sha256 === null ? 'none' : sha256.slice(0, 12));

/** Compares what each artefact was built from with what the workspace holds now. */
export const linkProblems = ({ sample, model, vectors, index, i2i }: Manifest): LinkProblem[] => {
  const problems: LinkProblem[] = [];
  const differ = (
    name: string,
    message: string,
    expected: string | number | null | undefined,
    found: string | number | null | undefined,
    fatal = true,
  ): void => {
    if (expected === found) return;
    problems.push({ name, message, expected: String(expected ?? 'none'), found: String(found ?? 'none'), fatal });
  };
  const hash = (name: string, message: string, expected: string | null, found: string | null, fatal = true): void => {
    if (expected !== found)
      problems.push({
        name,
        message,
        expected: `built from ${short(expected)}`,
        found: `built from ${short(found)}`,
        fatal,
      });
  };
  const sampleHash = sample?.sha256 ?? null;
  if (model !== null && model.builtFrom.sample !== null)
    hash(
      'model-of-another-sample',
      'the model was trained on another sample than the one here',
      sampleHash,
      model.builtFrom.sample,
      false,
    );
  if (vectors !== null && vectors.ids === null) {
    // A team's own vectors do not say which model made them.
    if (vectors.builtFrom.model !== null || model === null || modelKindOf(model).hasAdTower)
      hash(
        'swapped-model',
        'the ad vectors were made by another model than the one here',
        model?.sha256 ?? null,
        vectors.builtFrom.model,
      );
    hash(
      'stale-vectors',
      'the ad vectors were made from another sample than the one here',
      sampleHash,
      vectors.builtFrom.sample,
    );
    differ('count', 'the number of ad vectors differs from the number of ads', sample?.ads, vectors.count);
    if (model !== null)
      differ('dimension', "the dimension of the ad vectors differs from the model's", model.dim, vectors.dim);
  }
  if (index !== null) {
    if (vectors?.metric !== undefined)
      differ('metric', 'the metric of the index differs from that of the ad vectors', vectors.metric, index.space);
    // A team's own index and vectors do not say what they were built from: doctor compares their rows.
    if (index.builtFrom.vectors !== null)
      hash(
        'stale-index',
        'the index is stale: it was built from other ad vectors than the ones here',
        vectors?.sha256 ?? null,
        index.builtFrom.vectors,
      );
    if (vectors !== null && index.labels !== null)
      differ('dimension', 'the dimension of the index differs from that of the ad vectors', vectors.dim, index.dim);
    if (vectors !== null && vectors.ids === null && index.labels === null) {
      differ('dimension', 'the dimension of the index differs from that of the ad vectors', vectors.dim, index.dim);
      differ(
        'count',
        'the number of ads in the index differs from the number of vectors',
        vectors.count - index.leftOut.length,
        index.count,
      );
    }
  }
  if (i2i !== null)
    hash(
      'stale-i2i',
      'the item-to-item neighbours are of another sample than the one here',
      sampleHash,
      i2i.builtFrom.sample,
    );
  return problems;
};

/** Throws the first fatal problem as `artefact-changed`; gives the others as notices. */
export const checkLinks = (manifest: Manifest): string[] => {
  const problems = linkProblems(manifest);
  const fatal = problems.find((problem) => problem.fatal);
  if (fatal !== undefined)
    throw new RecallError('artefact-changed', fatal.message, {
      expected: fatal.expected,
      found: fatal.found,
      todo: 'run `recall-tui index DIR`',
    });
  return problems.map((problem) => `${problem.message} (${problem.found}; here: ${problem.expected})`);
};
