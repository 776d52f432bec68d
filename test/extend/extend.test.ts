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

/** Applies patches to the copy one after the other, each without one of its files, and takes them back afterwards. */
const applied = <T>(chosen: ReadonlyArray<{ readonly patch: string; readonly without?: string }>, use: () => T): T => {
  const apply = (...more: readonly string[]): void => {
    execFileSync('git', ['apply', ...more], { cwd: copy, stdio: 'pipe' });
  };
  const optionsOf = ({ patch, without }: { readonly patch: string; readonly without?: string }): string[] => [
    ...(without === undefined ? [] : [`--exclude=${without}`]),
    pathOf(patch),
  ];
  const done: string[][] = [];
  try {
    for (const one of chosen) {
      apply(...optionsOf(one));
      done.unshift(optionsOf(one));
    }
    return use();
  } finally {
    for (const options of done) apply('--reverse', ...options);
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

  it.each(patches)('%s applies to the sources as they are', (patch) => {
    expect(applied([{ patch }], () => patch)).toBe(patch);
  });

  it('compiles: one of every kind, all in one copy', () => {
    applied(
      patches.map((patch) => ({ patch })),
      () => {
        expect(compile()).toBe('');
      },
    );
  });

  // Two rounds, since each compilation takes seconds: of no kind two files are left out at once.
  it.each([
    [
      ['channel.patch', 'src/engine/channels/index.ts', 'same-brand'],
      ['model.patch', 'src/index.ts', 'popular-vector'],
      ['command.patch', 'src/views/answers/answer-views.ts', 'brands'],
      ['pane.patch', 'src/views/screen/detail.ts', 'query'],
    ],
    [
      ['channel.patch', 'src/views/text/evidence.ts', 'same-brand'],
      ['index.patch', 'src/index.ts', 'flat'],
      ['pane.patch', 'src/state/panes.ts', 'query'],
    ],
  ] as const)('fails to compile without its lines in one file: the compiler names what is missing (%#)', (...cases) => {
    applied(
      cases.map(([patch, without]) => ({ patch, without })),
      () => {
        // A message goes on in indented lines.
        const said = compile().split(/\n(?=\S)/);
        for (const [, file, name] of cases)
          expect(said.filter((message) => message.startsWith(file)).join('\n')).toContain(name);
      },
    );
  });
});
