import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { NotRegularError } from '../base/regular-file.ts';
import { nearest } from '../base/nearest.ts';
import { RecallError } from '../errors.ts';

const listed = 'the command sessions lists those that are kept';

/** Sessions of a folder by name; none where it cannot be read. */
const sessionsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl')).sort();

const without = (path: string): string => path.replace(/\.jsonl$/, '');

const missing = async (path: string, cause: unknown): Promise<RecallError> => {
  if (/[*?[\]{}]/.test(path)) {
    return new RecallError('bad-input', `no session matches ${path}`, {
      expected: 'files that are there: a pattern is what the shell makes files of, and it found none',
      todo: `name the files; ${listed}`,
      cause,
    });
  }
  const names = await sessionsIn(dirname(path));
  // All such names end alike: the ending does not help to find the name that was meant.
  const near = nearest(without(basename(path)), names.map(without)).map((name) =>
    JSON.stringify(join(dirname(path), `${name}.jsonl`)),
  );
  return new RecallError('bad-input', `there is no session ${path}`, {
    todo: near.length === 0 ? listed : `did you mean ${near.join(' or ')}? ${listed}`,
    cause,
  });
};

const folder = async (path: string, cause: unknown): Promise<RecallError> => {
  const names = await sessionsIn(path);
  return new RecallError('bad-input', `${path} is a folder, not a session`, {
    found: names.length === 0 ? 'no session in it' : `${names.length} sessions in it, like ${names[0] ?? ''}`,
    todo: names.length === 0 ? listed : `name one of them: ${join(path, names[0] ?? '')}`,
    cause,
  });
};

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ENOTDIR: 'a part of the path is a file, not a folder',
};

/** A failure to read a session's file as an error that a person can act on: the nearest name, or the reason. */
export const unreadable = async (path: string, error: unknown): Promise<RecallError> => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return missing(path, error);
  if (error instanceof NotRegularError) return error.kind === 'folder' ? folder(path, error) : error;
  const reason = reasons[code];
  return new RecallError(
    'bad-input',
    reason === undefined ? `the session cannot be read: ${path}` : `the session cannot be read: ${path}: ${reason}`,
    {
      found: error instanceof Error ? error.message : String(error),
      todo: `check the file; ${listed}`,
      cause: error,
    },
  );
};
