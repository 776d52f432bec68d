import { z } from 'zod';
import { readText } from '../base/text-file.ts';
import { RecallError } from '../errors.ts';
import { ruleNames } from '../domain/channels.ts';
import { defaultRules, quotaCount, ruleFields } from '../domain/rules.ts';
import type { LegacyRuleConfig } from '../domain/rules.ts';
import { readIssue } from './manifest/schema-issue.ts';

/** A quota under a name that is no rule's is passed over. */
const quota = z.object(Object.fromEntries(ruleNames.map((name) => [name, quotaCount])));

/** `rules.json`: every field may be left out; the default is then used. */
const rulesSchema = z.looseObject({ ...ruleFields, quota: quota.partial() }).partial();

/** Throws `bad-input` naming the field; `missing-artefact` when the file cannot be read. */
export const readRules = async (path: string): Promise<LegacyRuleConfig> => {
  const text = await readText(path).catch((cause: unknown) => {
    throw new RecallError('missing-artefact', `cannot read the legacy rules ${path}`, {
      found: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
  const json = jsonOf(text, path);
  const parsed = rulesSchema.safeParse(json);
  if (!parsed.success) {
    const { field, expected, found } = readIssue(parsed.error.issues[0], json);
    throw new RecallError('bad-input', `${path}: ${field || 'the file'} is wrong`, {
      expected: expected ?? 'legacy rules',
      found,
      todo: 'correct it, or leave the field out: the default is then used',
    });
  }
  const { order, quota: given, ...rest } = parsed.data;
  return { ...defaultRules, ...rest, order: order ?? defaultRules.order, quota: { ...defaultRules.quota, ...given } };
};

const jsonOf = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RecallError('bad-input', `${path} is not JSON`, {
      expected: 'one JSON object of legacy rules, such as {"keywordQueries": 3}; {} takes every default',
      found: cause instanceof Error ? cause.message : String(cause),
      todo: 'correct it, or write {} for the defaults',
      cause,
    });
  }
};
