import { join } from 'node:path';
import { jsonOf } from '../../base/json.ts';
import { readText } from '../../base/text-file.ts';
import { RecallError } from '../../errors.ts';
import type { FileTools } from '../../engine/ports/artefacts.ts';
import { filesNamedBy } from '../artefacts.ts';
import { manifestName } from '../find.ts';
import { writtenIndex } from '../indexes/index.ts';
import { checkKinds, checkPlaces } from '../places.ts';
import { manifestFormat, manifestSchema } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { readIssue, valueAt } from './schema-issue.ts';

/** Reads `DIR/recall.json`. Throws `no-workspace` when there is none, `bad-manifest` naming field, expected and found. */
export const readManifest = async (dir: string): Promise<Manifest> => {
  const path = join(dir, manifestName);
  const text = await readText(path).catch((cause: unknown) => {
    if (cause instanceof RecallError) throw cause;
    throw new RecallError('no-workspace', `no workspace in ${dir}`, {
      expected: `a readable ${manifestName}`,
      found: cause instanceof Error ? cause.message : String(cause),
      todo: 'make one with `recall-tui import FORMAT SOURCE --out DIR`',
      cause,
    });
  });
  const manifest = parseManifest(text, path);
  const named = filesNamedBy(dir, manifest);
  if (manifest.outside !== true) checkPlaces(dir, named);
  checkKinds(named);
  return manifest;
};

export const parseManifest = (text: string, path: string): Manifest => {
  const json = jsonOf(text, {
    code: 'bad-manifest',
    where: path,
    message: `${path} is not JSON`,
    expected: 'one JSON object',
    todo: 'correct it, or make the workspace again',
  });
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  refuseOtherFormats(json, path);
  const [issue, ...more] = parsed.error.issues;
  const { field, expected, found } = readIssue(issue, json);
  throw new RecallError(
    'bad-manifest',
    `${path}: ${field || '(the whole file)'} is ${found === 'nothing' ? 'missing' : 'wrong'}`,
    {
      expected: expected ?? 'a workspace manifest',
      found,
      todo:
        more.length === 0
          ? 'correct it, or make the workspace again'
          : `correct it and ${more.length} more: ${more.map((other) => other.path.map(String).join('.')).join(', ')}`,
    },
  );
};

/** The text of a manifest; fields this version does not know are kept as they were read. */
export const manifestText = (manifest: Manifest): string => {
  const parsed = manifestSchema.parse(manifest);
  const written = { ...parsed, index: parsed.index === null ? null : writtenIndex(parsed.index) };
  return `${JSON.stringify(written, null, 2)}\n`;
};

/** Replaces `DIR/recall.json` in one step. */
export const writeManifest = (dir: string, manifest: Manifest, files: Pick<FileTools, 'atomicWrite'>): Promise<void> =>
  files.atomicWrite(join(dir, manifestName), manifestText(manifest));

/** A manifest of another version: its other fields mean whatever that version says, so only the format is named. */
const refuseOtherFormats = (json: unknown, path: string): void => {
  const format = valueAt(json, ['format']);
  if (typeof format !== 'string' || format === manifestFormat) return;
  throw new RecallError('bad-manifest', `${path}: a format this version does not know`, {
    expected: `format ${JSON.stringify(manifestFormat)}`,
    found: format,
    todo: format.startsWith('recall-tui/workspace@')
      ? 'open it with the version of recall-tui that wrote it, or make the workspace again'
      : 'name a workspace of recall-tui, or make one with `recall-tui import FORMAT SOURCE --out DIR`',
  });
};
