import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pathOf = (file: string): string => `${root}${file}`;

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(pathOf('tsconfig.json'), (path) => ts.sys.readFile(path)).config,
  ts.sys,
  root,
);

let before: ts.Program | undefined;

/** What the compiler says of these files where one file reads differently; nothing is written. */
const errorsIn = (files: readonly string[], changed?: { file: string; from: string; to: string }): string[] => {
  const host = ts.createCompilerHost({ ...options, incremental: false, noEmit: true });
  const original = host.getSourceFile.bind(host);
  host.getSourceFile = (path, target, ...rest) => {
    if (changed === undefined || path !== pathOf(changed.file)) {
      return before?.getSourceFile(path) ?? original(path, target, ...rest);
    }
    const text = readFileSync(path, 'utf8');
    expect(text.split(changed.from), `${changed.file} holds "${changed.from}" once`).toHaveLength(2);
    return ts.createSourceFile(path, text.replace(changed.from, changed.to), target);
  };
  const program = ts.createProgram(files.map(pathOf), { ...options, incremental: false, noEmit: true }, host);
  if (changed === undefined) before = program;
  return files.flatMap((file) =>
    program.getSemanticDiagnostics(program.getSourceFile(pathOf(file))).map(({ code, messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, ' ');
      return `${relative(root, pathOf(file))} TS${code}: ${text}`;
    }),
  );
};

const command = 'src/commands/look/ads.ts';
const view = 'src/views/answers/look/ads-view.ts';
const views = 'src/views/answers/answer-views.ts';
const exported = 'src/commands/export/rows.ts';

describe('the compiler alone', () => {
  it('accepts commands, views and export as they are', () => {
    expect(errorsIn([command, view, views, exported])).toEqual([]);
  }, 60_000);

  it('finds a field that a command renames in its answer', () => {
    const errors = errorsIn([command], { file: command, from: 'total: catalog.adCount', to: 'count: catalog.adCount' });
    expect(errors.join('\n')).toMatch(/ads\.ts TS\d+: .*count/);
  }, 60_000);

  it('finds every reader of a field that the answer renames', () => {
    const errors = errorsIn([command, view, exported], {
      file: 'src/answers/look.ts',
      from: 'readonly ads: readonly AdRow[];',
      to: 'readonly found: readonly AdRow[];',
    });
    for (const file of [command, view, exported])
      expect(errors.filter((error) => error.startsWith(file))).not.toEqual([]);
  }, 60_000);

  it('finds a schema without a view', () => {
    const errors = errorsIn([views], { file: views, from: '  note: noteView,\n', to: '' });
    expect(errors.join('\n')).toContain(`${views} TS2741: Property 'note' is missing`);
  }, 60_000);

  it('keeps the id of a user out of the place of an event', () => {
    const file = 'src/answers/look.ts';
    const check = `\nexport const wrong = (user: UserId): EventId => user;\nexport const right = (text: string): UserId => text;\n`;
    const last = 'export interface AdData {';
    const errors = errorsIn([file], { file, from: last, to: `${check}${last}` });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('TS2322');
  }, 60_000);

  it('finds a field with the id of a person that the table of personal fields lacks', () => {
    const table = 'src/answers/personal.ts';
    const added = { file: 'src/answers/look.ts', from: 'readonly friends: number;', to: 'readonly friends: UserId[];' };
    expect(errorsIn([table])).toEqual([]);
    expect(errorsIn([table], added).join(' ')).toContain('Property \'".friends[]"\' is missing');
  }, 60_000);
});
