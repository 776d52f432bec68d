import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * One addition of each kind, made as docs/contributing.md says and kept as a patch. They are applied to a copy of src/ in turn
 * and compiled there. A patch that no longer applies is made again by hand: `git apply --3way`, repair, `git diff src`.
 */
const root = join(import.meta.dirname, '..', '..');

/** Files under src/ that an addition may touch, new ones included. */
const mostFiles: Readonly<Record<string, number>> = { channel: 4, command: 5, format: 2, index: 4, model: 4, pane: 4 };

const patches = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.patch'))
  .sort();
const pathOf = (patch: string): string => join(import.meta.dirname, patch);

let copy = '';
/** What the compiler says of the copy; '' = nothing. */
let compile = (): string => 'no compiler';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'recall-extend-'));
  cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true });
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  compile = createCompiler();
  // Later compilations look only at what a patch touches.
  expect(compile()).toBe('');
}, 300_000);

afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

/** A compiler of the copy's src/ that looks again only at what changed since it was last asked. */
const createCompiler = (): (() => string) => {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent({ ...config.config, include: ['src'] }, ts.sys, copy);
  const host = ts.createIncrementalCompilerHost({ ...options, noEmit: true });
  const read = host.getSourceFile;
  const parsed = new Map<string, ts.SourceFile>();
  host.getSourceFile = (path, ...rest) => {
    const before = parsed.get(path);
    if (before !== undefined && before.text === host.readFile(path)) return before;
    const source = read(path, ...rest);
    if (source === undefined) parsed.delete(path);
    else parsed.set(path, source);
    return source;
  };
  let program: ts.SemanticDiagnosticsBuilderProgram | undefined;
  return () => {
    const { fileNames } = ts.parseJsonConfigFileContent({ include: ['src'] }, ts.sys, copy);
    program = ts.createSemanticDiagnosticsBuilderProgram(fileNames, options, host, program);
    return ts.formatDiagnostics([...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()], {
      getCurrentDirectory: () => copy,
      getCanonicalFileName: (name) => name,
      getNewLine: () => '\n',
    });
  };
};

/** Applies a patch to the copy, without some of its files, and takes it back afterwards. */
const applied = <T>(patch: string, without: readonly string[], use: () => T): T => {
  const options = without.map((file) => `--exclude=${file}`);
  const apply = (...more: readonly string[]): void => {
    execFileSync('git', ['apply', ...more, ...options, pathOf(patch)], { cwd: copy, stdio: 'pipe' });
  };
  apply();
  try {
    return use();
  } finally {
    apply('--reverse');
  }
};

const filesOf = (patch: string): string[] =>
  [...readFileSync(pathOf(patch), 'utf8').matchAll(/^diff --git a\/(\S+) b\//gm)].map(([, file = '']) => file);

describe('an addition', { timeout: 180_000 }, () => {
  it('is kept for every kind', () => {
    expect(patches).toEqual(Object.keys(mostFiles).map((kind) => `${kind}.patch`));
  });

  it.each(patches)('%s touches no more files than its kind allows, all of them under src/', (patch) => {
    const files = filesOf(patch);
    expect(files.length).toBeGreaterThan(0);
    expect(files.length).toBeLessThanOrEqual(mostFiles[patch.replace(/\.patch$/, '')] ?? 0);
    expect(files.filter((file) => !file.startsWith('src/'))).toEqual([]);
  });

  it.each(patches)('%s applies to the sources as they are, and compiles', (patch) => {
    applied(patch, [], () => {
      expect(compile()).toBe('');
    });
  });

  it.each([
    ['channel.patch', 'src/engine/channels/index.ts', 'same-brand'],
    ['channel.patch', 'src/views/text/evidence.ts', 'same-brand'],
    ['model.patch', 'src/index.ts', 'popular-vector'],
    ['index.patch', 'src/index.ts', 'flat'],
    ['command.patch', 'src/views/answers/answer-views.ts', 'brands'],
    ['pane.patch', 'src/views/screen/detail.ts', 'query'],
    ['pane.patch', 'src/state/panes.ts', 'query'],
  ])('%s without its lines in %s does not compile: the compiler names what is missing', (patch, file, name) => {
    applied(patch, [file], () => {
      const said = compile();
      expect(said).toContain(file);
      expect(said).toContain(name);
    });
  });
});
