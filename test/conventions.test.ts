import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

it('the table of conventions names tests that are there', () => {
  const rows = [
    ...readFileSync(join(root, 'test', 'conventions.md'), 'utf8').matchAll(/^\| .* \| `([^`]+)` › (.+) \|$/gm),
  ];
  expect(rows.length).toBeGreaterThan(40);
  const missing = rows.filter(
    ([, file = '', title = '']) =>
      !existsSync(join(root, file)) || !readFileSync(join(root, file), 'utf8').includes(title),
  );
  expect(missing.map(([row]) => row)).toEqual([]);
});
