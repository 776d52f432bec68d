import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../src/domain/filter/parse.ts';
import { filterFields } from '../../src/state/filtering.ts';

describe('the fields of each list', () => {
  it.each(Object.entries(filterFields))('have examples that read as a term of that field: %s', (_, fields) => {
    for (const { name, doc, examples } of fields) {
      expect(doc).not.toBe('');
      for (const example of examples) {
        const parsed = parseFilter(example, fields);
        expect([example, parsed.ok, ...parsed.terms]).toEqual([
          example,
          true,
          expect.objectContaining({ field: name }),
        ]);
      }
    }
  });
});
