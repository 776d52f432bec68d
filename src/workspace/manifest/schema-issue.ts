import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** The shape that a value comes nearest to, if it fits none of several: the one whose fault lies deepest. */
const deepest = (issue: Issue): { readonly path: readonly PropertyKey[]; readonly issue: Issue } => {
  if (issue.code !== 'invalid_union') return { path: issue.path, issue };
  const inner = issue.errors
    .flatMap((branch) => branch.slice(0, 1))
    .map(deepest)
    .filter(({ path }) => path.length > 0);
  const [best] = inner.sort((a, b) => b.path.length - a.path.length);
  return best === undefined ? { path: issue.path, issue } : { path: [...issue.path, ...best.path], issue: best.issue };
};

export const valueAt = (json: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    json,
  );

const excerpt = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

/**
 * A schema's complaint in the project's words: the field by its whole path ('' = the value itself), what it should be,
 * what is there.
 */
export const readIssue = (
  from: Issue | undefined,
  json: unknown,
): { readonly field: string; readonly expected: string | null; readonly found: string } => {
  if (from === undefined) return { field: '', expected: null, found: excerpt(json) };
  const { path, issue } = deepest(from);
  if (issue.code === 'unrecognized_keys')
    return {
      field: [...path, issue.keys[0] ?? ''].map(String).join('.'),
      expected: 'no field of that name',
      found: excerpt(valueAt(json, [...path, issue.keys[0] ?? ''])),
    };
  return {
    field: path.map(String).join('.'),
    expected: issue.message.replace(/^Invalid (?:(?:input|option): expected|discriminator value\. Expected) /, ''),
    found: excerpt(valueAt(json, path)),
  };
};
