import { join } from 'node:path';
import { readText } from '../../base/text-file.ts';
import { RecallError } from '../../errors.ts';
import { sharesOf, sidesOf, type Side } from '../../domain/sample/side.ts';
import type { Folder, Pair } from './folder.ts';
import type { FoundFile } from './survey.ts';

type Of<K extends FoundFile['is']> = Extract<FoundFile, { is: K }>;

const unusableOf = (found: readonly FoundFile[], of: Of<'unusable'>['of']): readonly Of<'unusable'>[] =>
  found.filter((one) => one.is === 'unusable').filter((one) => one.of === of);

/** The message about a file, and the alternative for the user. */
export const orWithout = ({ code, message, expected, found, todo }: RecallError, file: string): RecallError =>
  new RecallError(code, message, {
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
    todo: `${todo ?? 'write it again'}; or take ${file} out of the folder`,
  });

/** Whose ids a list holds, mostly. */
const sidesIn = ({ sample }: Folder, users: ReadonlySet<string>, ids: readonly string[]): readonly Side[] =>
  sidesOf(
    sharesOf(
      ids,
      (id) => users.has(id),
      (id) => sample.catalog.ordinalOf(id) !== null,
    ),
  );

const rowsOf = (matrices: readonly Of<'matrix'>[]): string =>
  matrices.map(({ file, shape }) => `${file} (${shape.count} rows)`).join(', ');

/** A file whose lines are ids of the sample, but not each once: the reason it goes with no vectors. */
const brokenIds = async (options: Folder, users: ReadonlySet<string>): Promise<RecallError | null> => {
  for (const { file, error } of unusableOf(options.found, 'ids')) {
    const lines = (await readText(join(options.dir, file))).split(/\r?\n/);
    if (sidesIn(options, users, lines).length > 0) return orWithout(error, file);
  }
  return null;
};

const notOneEach = ({ file, ids }: Of<'ids'>, matrices: readonly Of<'matrix'>[]): RecallError =>
  new RecallError('bad-input', `${file}: the number of ids differs from the number of vectors`, {
    expected: `a line for each row: ${rowsOf(matrices)}`,
    found: `${ids.length} lines`,
    todo: 'write line i + 1 as the id of row i',
  });

const ofNobody = ({ file, ids }: Of<'ids'>, matrices: readonly Of<'matrix'>[], sample: Folder['sample']): RecallError =>
  new RecallError('bad-input', `${file}: its ids are neither users nor ads of the sample`, {
    expected: `ids of the rows of ${rowsOf(matrices)}, mostly users such as ${sample.store.userIds()[0] ?? '(none)'} or ads such as ${sample.catalog.adCount === 0 ? '(none)' : sample.catalog.idOf(0)}`,
    found: ids
      .slice(0, 3)
      .map((id) => JSON.stringify(id))
      .join(', '),
    todo: 'write the ids the sample has',
  });

const without = (matrices: readonly Of<'matrix'>[], ids: readonly Of<'ids'>[]): RecallError =>
  new RecallError('bad-input', `${matrices[0]?.file ?? ''}: no file of ids fits its rows`, {
    expected: `a text file of ${matrices[0]?.shape.count ?? 0} ids, one a line`,
    found: ids.map((one) => `${one.file} (${one.ids.length} lines)`).join(', ') || 'no file of ids',
    todo: 'write one id for each row of the vectors, in the order of the rows',
  });

/**
 * Stops at vectors, or the ids of them, that are plainly there and cannot be used, while a side has no vectors: omitted
 * in silence they would give a workspace without that side, or an error about another file. Throws that file's own
 * error.
 */
export const refuseDamaged = async (
  options: Folder,
  pairs: readonly (Pair | null)[],
  lacking: readonly Side[],
): Promise<void> => {
  const { found, sample } = options;
  // A sample whose rows were all rejected has no ids: doctor reports that.
  if (lacking.length === 0 || sample.store.userCount === 0 || sample.catalog.adCount === 0) return;
  const [numbers] = unusableOf(found, 'vectors');
  if (numbers !== undefined) throw orWithout(numbers.error, numbers.file);
  const taken = new Set(pairs.flatMap((pair) => (pair === null ? [] : [pair.matrix.file, pair.ids.file])));
  const matrices = found.filter((one) => one.is === 'matrix').filter(({ file }) => !taken.has(file));
  const [matrix] = matrices;
  if (matrix === undefined) return;
  const users = new Set(sample.store.userIds());
  const ids = found.filter((one) => one.is === 'ids').filter(({ file }) => !taken.has(file));
  const known = ids.find((one) => sidesIn(options, users, one.ids).some((side) => lacking.includes(side)));
  const asMany = ids.find((one) => matrices.some(({ shape }) => shape.count === one.ids.length));
  const broken = await brokenIds(options, users);
  if (broken !== null) throw broken;
  if (known !== undefined) throw orWithout(notOneEach(known, matrices), matrix.file);
  throw orWithout(
    asMany === undefined
      ? without(
          matrices,
          found.filter((one) => one.is === 'ids'),
        )
      : ofNobody(asMany, matrices, sample),
    matrix.file,
  );
};

/** An index that is plainly one, and cannot be read, is not omitted. Throws its own error. */
export const refuseDamagedIndex = ({ found }: Folder, named: string | undefined): void => {
  const broken = unusableOf(found, 'index').find(({ file }) => (named ?? file) === file);
  if (broken !== undefined) throw orWithout(broken.error, broken.file);
};
