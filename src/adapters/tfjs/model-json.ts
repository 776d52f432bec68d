import { join } from 'node:path';
import { z } from 'zod';
import { jsonOf } from '../../base/json.ts';
import { readText } from '../../base/text-file.ts';
import { RecallError } from '../../errors.ts';

export const modelFormat = 'recall-tui/two-tower@1';

const tensor = z.looseObject({
  name: z.string(),
  shape: z.array(z.number().int().min(0)),
  dtype: z.enum(['float32', 'float16', 'uint32']),
  files: z.array(z.looseObject({ file: z.string().regex(/^[a-z0-9-]+\.bin$/), bytes: z.number().int().min(0) })),
});

const group = z.looseObject({
  name: z.string(),
  source: z.enum(['events', 'social', 'context', 'trend']),
  kinds: z.array(z.string()),
  ownKinds: z.array(z.string()),
  maxItems: z.number().int(),
  windowMs: z.number().nullable(),
});

export const modelSchema = z.looseObject({
  format: z.literal(modelFormat),
  dim: z.number().int().min(2),
  hidden: z.number().int().min(1),
  groups: z.array(group).min(1),
  temperature: z.number().positive(),
  builtUntil: z.number().nullable(),
  /** Files of strings, one JSON array each, and how many strings there are. */
  strings: z.record(
    z.string(),
    z.looseObject({ count: z.number().int(), files: z.array(z.string().regex(/^[a-z0-9-]+\.json$/)) }),
  ),
  tensors: z.array(tensor),
  training: z.record(z.string(), z.unknown()),
});

export type ModelJson = z.infer<typeof modelSchema>;

/** Reads and checks model.json; throws `bad-model`. */
export const readModelJson = async (dir: string): Promise<ModelJson> => {
  const path = join(dir, 'model.json');
  const raw = await readJson(path);
  const parsed = modelSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RecallError('bad-model', `${path} is not a model of this tool`, {
    expected: `format ${modelFormat}`,
    found: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    todo: 'train the model again',
  });
};

/** The strings of a section, all files of it. */
export const readStrings = async (dir: string, model: ModelJson, name: string): Promise<string[]> => {
  const section = model.strings[name];
  if (section === undefined)
    throw new RecallError('bad-model', `the model has no strings "${name}"`, { todo: 'train the model again' });
  const parts = await Promise.all(
    section.files.map(async (file) => {
      const parsed = z.array(z.string()).safeParse(await readJson(join(dir, file)));
      if (!parsed.success)
        throw new RecallError('bad-model', `${file} is not a list of strings`, { todo: 'train the model again' });
      return parsed.data;
    }),
  );
  const strings = parts.flat();
  if (strings.length !== section.count) {
    throw new RecallError('bad-model', `the strings "${name}" are incomplete`, {
      expected: String(section.count),
      found: String(strings.length),
      todo: 'train the model again',
    });
  }
  return strings;
};

const readJson = async (path: string): Promise<unknown> => {
  const todo = 'train the model again, or restore its folder';
  const text = await readText(path).catch((cause: unknown) => {
    if (cause instanceof RecallError) throw cause;
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new RecallError('bad-model', missing ? `the model has no file ${path}` : `${path} cannot be read`, {
      todo,
      cause,
    });
  });
  return jsonOf(text, { code: 'bad-model', where: path, message: `${path} is not JSON`, todo });
};
