import { z } from 'zod';
import { jsonOf } from '../base/json.ts';
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
  const message = `the header mapping ${file} cannot be read`;
  const text = await readText(file).catch((cause: unknown) => {
    if (cause instanceof RecallError) throw cause;
    throw new RecallError('bad-input', message, {
      expected: shape,
      found: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
  return parse(jsonOf(text, { code: 'bad-input', where: file, message, expected: shape }), file);
};
