import { isRecord, jsonOf } from '../base/json.ts';
import { didYouMean, unknownField } from '../base/nearest.ts';
import { safeJson } from '../base/unsafe-text.ts';
import { z } from 'zod';
import { readText } from '../base/text-file.ts';
import { RecallError } from '../errors.ts';
import { ruleNames } from '../domain/channels.ts';
import { defaultRules, ruleFields } from '../domain/rules.ts';
import type { LegacyRuleConfig } from '../domain/rules.ts';
import { readIssue } from './manifest/schema-issue.ts';

/** `rules.json`: every field may be omitted; the default is then used. A field of another name is refused. */
const rulesSchema = z.strictObject(ruleFields).partial();

/** Refuses a quota under a name that is not a rule's: it would have no effect, and the default would stay in force. */
const checkQuotaNames = (json: unknown, path: string): void => {
  const quota = isRecord(json) ? json['quota'] : undefined;
  const names: readonly string[] = ruleNames;
  const wrong = isRecord(quota) ? Object.keys(quota).find((name) => !names.includes(name)) : undefined;
  if (wrong === undefined) return;
  throw new RecallError('bad-input', `${path}: quota names no rule`, {
    expected: `rules out of ${names.join(', ')}`,
    found: safeJson(wrong),
    todo: didYouMean(wrong, names) || 'correct or remove the name',
  });
};

/** Throws `bad-input` naming the field; `missing-artefact` when the file cannot be read. */
export const readRules = async (path: string): Promise<LegacyRuleConfig> => {
  const text = await readText(path).catch((cause: unknown) => {
    if (cause instanceof RecallError) throw cause;
    throw new RecallError('missing-artefact', `cannot read the legacy rules ${path}`, {
      found: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
  const json = jsonOf(text, {
    code: 'bad-input',
    where: path,
    message: `${path} is not JSON`,
    expected: 'one JSON object of legacy rules, such as {"keywordQueries": 3}; {} takes every default',
    todo: 'correct it, or write {} for the defaults',
  });
  checkQuotaNames(json, path);
  const parsed = rulesSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue?.code === 'unrecognized_keys') throw unknownRule(path, [...issue.path, issue.keys[0] ?? '']);
    const { field, expected, found } = readIssue(issue, json);
    throw new RecallError('bad-input', `${path}: ${field || 'the file'} is wrong`, {
      expected: expected ?? 'legacy rules',
      found,
      todo: 'correct it, or leave the field out: the default is then used',
    });
  }
  const { order, quota: given, ...rest } = parsed.data;
  return { ...defaultRules, ...rest, order: order ?? defaultRules.order, quota: { ...defaultRules.quota, ...given } };
};

const unknownRule = (path: string, field: readonly PropertyKey[]): RecallError =>
  new RecallError('bad-input', `${path}: ${unknownField(field, Object.keys(ruleFields))}`, {
    expected: `one of ${Object.keys(ruleFields).join(', ')}`,
    found: field.map(String).join('.'),
    todo: 'correct the name, or leave the field out: the default is then used',
  });
