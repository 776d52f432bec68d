import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

const sources = (dir: string): string[] =>
  readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });

/** Files, from src/, that hold the pattern outside comments. */
const holding = (pattern: RegExp): string[] =>
  sources(src)
    .filter((file) => pattern.test(readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')))
    .map((file) => relative(src, file))
    .sort();

/** Names that open a file for reading, as they are imported or called by a namespace. */
const opens =
  /\b(?:readFile|readFileSync|createReadStream|openAsBlob|openSync)\b|import\s*\{[^}]*\bopen\b[^}]*\}\s*from 'node:fs/;

describe('a file that a person or a manifest names', () => {
  it('is opened by the one helper that refuses pipes and devices; who opens otherwise has a reason', () => {
    const reasons: Readonly<Record<string, string>> = {
      'base/regular-file.ts': 'the helper',
      'base/owner.ts': 'files of /proc alone',
      'base/atomic-file.ts': 'opens what it has just made (wx), and folders to sync them',
      'ingest/install.ts': 'a folder, to sync it',
      'adapters/hnsw/build-index.ts': 'syncs what it has just written',
      'adapters/sqlite/lock.ts': 'a new lock of our own (wx)',
      'adapters/sqlite/writer.ts': 'syncs what it has just written',
      'session/journal.ts': 'writes: a new file (wx), or one that was read by the helper before',
    };
    expect(holding(opens)).toEqual(Object.keys(reasons).sort());
  });

  it('is looked at before SQLite or hnswlib open it themselves', () => {
    const reasons: Readonly<Record<string, string>> = {
      'adapters/sqlite/open.ts': 'reads the header by the helper first',
      'adapters/sqlite/mapped/inspect.ts': 'checkHeader of open.ts first',
      'adapters/sqlite/mapped/open-source.ts': 'checkHeader of open.ts first',
      'adapters/sqlite/mapped/read-served.ts': 'checkHeader of open.ts first',
      'adapters/sqlite/lock.ts': 'a lock of our own',
      'adapters/sqlite/writer.ts': 'a new file, whose remains it removes first',
      'adapters/hnsw/open-index.ts': 'reads the whole file by the helper first',
    };
    const native = holding(/\bnew Database\(|\.readIndex(?:Sync)?\(/);
    expect(native).toEqual(Object.keys(reasons).sort());
    for (const file of native.filter((name) => /mapped/.test(name)))
      expect(readFileSync(join(src, file), 'utf8')).toMatch(/checkHeader\(path\);[^]*new Database\(path/);
  });
});

describe('JSON that is not our own', () => {
  it('is parsed in one place, which holds it to a depth and a length', () => {
    expect(holding(/\bJSON\.parse\b|\.json\(\)/)).toEqual(['base/json.ts']);
  });
});
