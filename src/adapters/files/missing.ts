import { RecallError } from '../../errors.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** Turns a failed open or stat into `missing-artefact`, naming the path and the system's reason; what is no file stays that. */
export const missingFile =
  (path: string) =>
  (error: unknown): never => {
    if (error instanceof RecallError) throw error;
    throw new RecallError('missing-artefact', `cannot read ${path}`, {
      expected: 'a readable file',
      found: codeOf(error) === 'ENOENT' ? 'nothing at this path' : codeOf(error),
      todo: 'rebuild the artefact (`recall-tui index DIR`), or correct its path in recall.json',
      cause: error,
    });
  };
