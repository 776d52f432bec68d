import { z } from 'zod';
import { readText } from '../base/text-file.ts';
import { RecallError } from '../errors.ts';
import { time } from '../workspace/manifest/mapping-schema.ts';
import type { HeaderMapping } from './formats/format.ts';

const table = z.record(z.string(), z.union([z.string(), time]));
const schema = z.strictObject({
  users: table.optional(),
  ads: table.optional(),
  events: table.optional(),
  friends: table.optional(),
});
const shape = '{"users":{"userId":"their column"},"ads":{…},"events":{…},"friends":{…}}';

const parse = (value: unknown, from: string): HeaderMapping => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RecallError('bad-input', `the header mapping in ${from} is wrong`, {
    expected: shape,
    found: `${issue?.path.map(String).join('.') || 'the whole'}: ${issue?.message ?? 'unusable'}`,
  });
};

/** The mapping of a file, or that of the manifest's `import.mapping`; null where there is neither. Throws `bad-input`. */
export const readMapping = async (file: string | null, fromManifest: unknown): Promise<HeaderMapping | null> => {
  if (file === null)
    return fromManifest === undefined || fromManifest === null
      ? null
      : parse(fromManifest, 'recall.json (import.mapping)');
  let json: unknown;
  try {
    json = JSON.parse(await readText(file));
  } catch (cause) {
    if (cause instanceof RecallError) throw cause;
    throw new RecallError('bad-input', `the header mapping ${file} cannot be read`, {
      expected: shape,
      found: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
  return parse(json, file);
};
