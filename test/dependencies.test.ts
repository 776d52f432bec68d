import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

const entry = z.looseObject({
  version: z.string(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  license: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
});
const { '': own, ...packages } = z
  .object({ packages: z.record(z.string(), entry) })
  .parse(JSON.parse(read('package-lock.json'))).packages;
const entries = Object.entries(packages).map(([path, found]) => ({
  ...found,
  path,
  name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
}));
const manifest = z
  .object({ allowScripts: z.record(z.string(), z.boolean()), version: z.string() })
  .parse(JSON.parse(read('package.json')));
const doc = read('docs/dependencies.md');

const allowed = /^Allowed: (.*); MPL-2\.0 in packages for development only\.$/m.exec(doc)?.[1]?.split(', ') ?? [];
/** `(MIT OR CC0-1.0)`: one of them; `A AND B`: each. */
const isAllowed = (license: string, names: readonly string[]): boolean => {
  const bare = license.replace(/[()]/g, '');
  return bare.includes(' OR ')
    ? bare.split(' OR ').some((one) => names.includes(one))
    : bare.split(' AND ').every((one) => names.includes(one));
};

describe('the packages of the lock file', () => {
  it('each have a sha512 and come from the npm registry', () => {
    expect(own?.version).toBe(manifest.version);
    expect(entries.length).toBeGreaterThan(100);
    const faulty = entries.filter(
      ({ integrity, resolved, link }) =>
        link === true ||
        !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '') ||
        !(resolved ?? 'https://registry.npmjs.org/').startsWith('https://registry.npmjs.org/'),
    );
    expect(faulty.map(({ path }) => path)).toEqual([]);
  });

  it('have licences that docs/dependencies.md allows', () => {
    expect(allowed.length).toBeGreaterThan(5);
    const others = entries.filter(
      ({ license = 'none', dev }) => !isAllowed(license, dev === true ? [...allowed, 'MPL-2.0'] : allowed),
    );
    expect(others.map(({ path, license }) => `${path}: ${license ?? 'none'}`)).toEqual([]);
  });

  it('have no install script but those of docs/dependencies.md, and those allowed there are the ones of package.json', () => {
    const rows = [...doc.matchAll(/^\| `(.+?)` \| (yes|no) \| (.+) \|$/gm)];
    const scripts = new Set(entries.filter((one) => one.hasInstallScript === true).map(({ name }) => name));
    expect(rows.map(([, name]) => name).sort()).toEqual([...scripts].sort());
    expect(rows.filter(([, , yes]) => yes === 'yes').map(([, name]) => name)).toEqual(
      Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name] === true),
    );
    expect(rows.every(([, , , why = '']) => why.length > 20)).toBe(true);
  });
});
