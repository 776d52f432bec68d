import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mayImport, mayNotImport } from '../eslint.config.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');
const allowed: Readonly<Record<string, readonly string[]>> = mayImport;

const sources = (dir: string): string[] =>
  readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });

/** Files that import each other in a circle, each circle sorted; Tarjan's strongly connected components. */
const circles = (graph: ReadonlyMap<string, readonly string[]>): string[][] => {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const components: string[][] = [];
  const visit = (file: string): number => {
    const at = index.size;
    index.set(file, at);
    open.push(file);
    let least = at;
    for (const next of graph.get(file) ?? []) {
      if (!index.has(next)) least = Math.min(least, visit(next));
      else if (open.includes(next)) least = Math.min(least, low.get(next) ?? index.get(next) ?? least);
    }
    low.set(file, least);
    if (least === at) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1 || (graph.get(file) ?? []).includes(file)) components.push(circle.sort());
    }
    return least;
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return components.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
};

/** Every module a file names: static, re-exported and dynamic imports. */
const importsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((m) => m[1] ?? '');

const folderOf = (path: string): string | null => {
  const parts = relative(src, path).split('/');
  return parts.length > 1 ? (parts[0] ?? null) : null;
};

describe('the source tree', () => {
  it('has no import against its rules, on the real import graph', () => {
    const wrong: string[] = [];
    for (const file of sources(src)) {
      const from = folderOf(file);
      for (const spec of importsOf(file)) {
        if (!spec.startsWith('.')) continue;
        const to = folderOf(resolve(dirname(file), spec));
        const name = relative(root, file);
        if (from === null || to === from) continue;
        if (to === null ? spec.endsWith('index.ts') || spec.endsWith('main.ts') : !(allowed[from] ?? []).includes(to))
          wrong.push(`${name} imports ${spec}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no circle of imports, those of types included', () => {
    expect(
      circles(
        new Map([
          ['a', ['b']],
          ['b', ['c', 'd']],
          ['c', ['a']],
          ['d', ['d']],
        ]),
      ),
    ).toEqual([['a', 'b', 'c'], ['d']]);
    const graph = new Map(
      sources(src).map((file) => [
        relative(src, file),
        importsOf(file)
          .filter((spec) => spec.startsWith('.'))
          .map((spec) => relative(src, resolve(dirname(file), spec))),
      ]),
    );
    expect(circles(graph)).toEqual([]);
  });

  it('keeps the state and the screen out of what the headless front end draws', () => {
    const banned: Readonly<Record<string, readonly string[]>> = mayNotImport;
    const wrong = Object.entries(banned).flatMap(([folder, targets]) =>
      sources(join(src, folder)).flatMap((file) =>
        importsOf(file)
          .filter(
            (spec) =>
              spec.startsWith('.') &&
              targets.some((target) => resolve(dirname(file), spec).startsWith(join(src, target) + '/')),
          )
          .map((spec) => `${relative(root, file)} imports ${spec}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('names native packages in adapters only, and ink and react in tui only', () => {
    const native = /^(better-sqlite3|hnswlib-node|@tensorflow\/)/;
    const screen = /^(ink|react)(\/|$)/;
    const wrong = sources(src).flatMap((file) =>
      importsOf(file)
        .filter(
          (spec) =>
            (native.test(spec) && folderOf(file) !== 'adapters') || (screen.test(spec) && folderOf(file) !== 'tui'),
        )
        .map((spec) => `${relative(root, file)} imports ${spec}`),
    );
    expect(wrong).toEqual([]);
  });

  it('draws the first frame without the schemas and the engine, which take longer to load than to draw it', () => {
    const reached = new Set<string>();
    const walk = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const [, type, spec = ''] of readFileSync(file, 'utf8').matchAll(
        /^(?:import|export) (type )?(?:[^'"()]*? from )?'([^']+)';/gm,
      )) {
        if (type !== undefined) continue;
        if (spec.startsWith('.')) walk(resolve(dirname(file), spec));
        else reached.add(spec);
      }
    };
    walk(join(src, 'tui', 'start.tsx'));
    expect(reached.has(join(src, 'state', 'update.ts'))).toBe(true);
    expect(
      [...reached].filter(
        (one) => one === 'zod' || one.startsWith(join(src, 'workspace')) || one.startsWith(join(src, 'adapters')),
      ),
    ).toEqual([]);
  });

  it('loads as a library without ink or react', () => {
    const entry = join(root, 'dist', 'index.js');
    execFileSync(process.execPath, ['--input-type=module', '-e', `await import(${JSON.stringify(entry)})`], {
      encoding: 'utf8',
    });
    // The bundle inlines ink and react where they are reachable: a reachable one shows in the files index.js loads.
    const reach = reachable(entry);
    const withScreen = reach.filter((file) =>
      /react-reconciler|yoga-layout|ink\/build/.test(readFileSync(file, 'utf8')),
    );
    expect(withScreen).toEqual([]);
  });
});

/** Files of the bundle that `entry` loads statically, itself included. */
const reachable = (entry: string, seen = new Set<string>()): string[] => {
  if (seen.has(entry)) return [];
  seen.add(entry);
  for (const m of readFileSync(entry, 'utf8').matchAll(/^(?:import|export)[^'"]*?['"](\.\/[^'"]+)['"]/gm))
    reachable(join(dirname(entry), m[1] ?? ''), seen);
  return [...seen];
};
