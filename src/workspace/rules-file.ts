import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { RecallError } from '../errors.ts';
import { ruleNames } from '../domain/query.ts';
import { defaultRules } from '../domain/rules.ts';
import type { LegacyRuleConfig } from '../domain/rules.ts';

const count = z.number().int().min(0);
const quota = z.object({ keyword: count, 'recent-category': count, 'frequent-category': count, priority: count, popular: count });

/** `rules.json`: every field may be left out; the default is then used. */
const rulesSchema = z.looseObject({
  order: z.array(z.enum(ruleNames)),
  quota: quota.partial(),
  keywordQueries: count,
  browseKinds: z.array(z.string()),
  frequentCategories: count,
  popularKinds: z.array(z.string()),
  popularWindowMs: z.number().positive().nullable(),
  priorityList: z.array(z.string()),
}).partial();

/** Throws `bad-input` naming the field; `missing-artefact` when the file cannot be read. */
export const readRules = async (path: string): Promise<LegacyRuleConfig> => {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RecallError('missing-artefact', `cannot read the legacy rules ${path}`, { found: cause instanceof Error ? cause.message : String(cause), cause });
  });
  const parsed = rulesSchema.safeParse(jsonOf(text, path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new RecallError('bad-input', `${path}: ${issue?.path.map(String).join('.') || 'the file'} is wrong`, { expected: issue?.message ?? 'legacy rules' });
  }
  const { order, quota: given, ...rest } = parsed.data;
  return { ...defaultRules, ...rest, order: order ?? defaultRules.order, quota: { ...defaultRules.quota, ...given } };
};

const jsonOf = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RecallError('bad-input', `${path} is not JSON`, { found: cause instanceof Error ? cause.message : String(cause), cause });
  }
};
