import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folderSpecs } from './folders.ts';
import { attack } from './run.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const importsOf = (name: string): string[] =>
  [...readFileSync(join(here, name), 'utf8').matchAll(/from '([^']+)'/g)].map(([, spec = '']) => spec);

describe('the adversary', () => {
  it('knows the command line and its JSON, and nothing of the sources', () => {
    const outside = files.flatMap((name) =>
      importsOf(name).filter((spec) => /(^|\/)(src|dist|support)\//.test(spec) || spec.startsWith('../../')),
    );
    expect(files.length).toBeGreaterThan(6);
    expect(outside).toEqual([]);
  });

  it('refutes no list, verdict, certificate or repair of four worlds', async () => {
    const worlds = ['duplicates-l2', 'deleted', 'two-ads', 'five-ads'];
    const specs = folderSpecs.filter(({ name }) => worlds.includes(name));
    const { counts, refuted } = await attack(specs, 618, 3, () => undefined);
    const claims = [...counts.values()].reduce((a, b) => a + b, 0);
    expect(specs).toHaveLength(worlds.length);
    expect(claims).toBeGreaterThan(500);
    expect(refuted).toEqual([]);
  }, 600_000);
});
