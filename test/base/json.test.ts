import { describe, expect, it } from 'vitest';
import { canonicalJson, jsonOf, maxJsonDepth, parseJson, readJson } from '../../src/base/json.ts';

const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const objects = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);

describe('JSON that is not our own', () => {
  it('is read down to the limit of its depth, and then bears what recurses', () => {
    for (const text of [lists(maxJsonDepth), objects(maxJsonDepth)]) expect(canonicalJson(readJson(text))).toBe(text);
    const brackets = JSON.stringify({ text: '[{'.repeat(10_000), quote: `"\\"${'['.repeat(1_000)}` });
    expect(JSON.stringify(readJson(brackets))).toBe(brackets);
  });

  it('is refused below the limit before it is parsed, with the field and the limit', () => {
    expect(() => readJson(lists(100_000))).toThrow('nested deeper than 128 levels');
    expect(() => readJson(objects(5_000))).toThrow(/^nested deeper than 128 levels, in a\.a\.a\.a\.…$/);
    expect(() => readJson(`{"b": {"c]": [1, 2]}, "zone": ${lists(200)}}`)).toThrow(/, in zone$/);
    expect(() => readJson(`{"x": {"y": 1}, "sample": [{"tables": ${'['.repeat(1_000)}`)).toThrow(
      /, in sample\.tables$/,
    );
    expect(() => readJson(lists(65), { depth: 64 })).toThrow('nested deeper than 64 levels');
  });

  it('is refused beyond the limit of its length', () => {
    expect(() => readJson(`"${'x'.repeat(64 * 2 ** 20)}"`)).toThrow('longer than 64 MB of JSON');
    expect(parseJson('[1,2,3]', { length: 6 })).toBeUndefined();
    expect(parseJson('[1,2,3]', { length: 7 })).toEqual([1, 2, 3]);
  });

  it('gives undefined where it is none, for who asks for that', () => {
    for (const text of ['', '{', '[1', 'nul', lists(200)]) expect(parseJson(text)).toBeUndefined();
    expect(parseJson('null')).toBeNull();
  });

  it('loses a key that would be a prototype', () => {
    const read = readJson('{"a": {"__proto__": {"polluted": 1}, "b": 2}}');
    expect(JSON.stringify(read)).toBe('{"a":{"b":2}}');
  });

  it('is refused with what a person can act on', () => {
    const refusal = { code: 'bad-input', where: 'x.json', message: 'x.json is no JSON', todo: 'mend it' } as const;
    expect(() => jsonOf('{', refusal)).toThrow(
      expect.objectContaining({ code: 'bad-input', message: 'x.json is no JSON', todo: 'mend it' }),
    );
    expect(() => jsonOf(`{"a": ${lists(300)}}`, refusal)).toThrow(
      expect.objectContaining({
        message: 'x.json: nested deeper than 128 levels, in a',
        expected: 'at most 128 levels of lists and objects',
        found: 'level 129 at character 134',
      }),
    );
  });
});
