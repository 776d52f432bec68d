import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A `describe` or a test as it stands in its file. */
export interface Title {
  readonly file: string;
  readonly kind: 'suite' | 'test';
  readonly text: string;
  /** Titles of the suites around it, outermost first. */
  readonly within: readonly string[];
}

const kinds: Readonly<Record<string, Title['kind']>> = { describe: 'suite', it: 'test', test: 'test' };

/** The name that a call begins with: `it` of `it.skipIf(x).each(rows)('…', …)`. */
const nameOf = (node: ts.Expression): string => {
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) return nameOf(node.expression);
  if (ts.isTaggedTemplateExpression(node)) return nameOf(node.tag);
  return ts.isIdentifier(node) ? node.text : '';
};

/** The text of a title; of a template, what stands between its backquotes. */
const textOf = (node: ts.Node | undefined): string | null => {
  if (node === undefined) return null;
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.getText().slice(1, -1) : null;
};

const titlesIn = (file: string, source: string): Title[] => {
  const titles: Title[] = [];
  const visit = (node: ts.Node, within: readonly string[]): void => {
    let inner = within;
    if (ts.isCallExpression(node) && node.arguments.length > 1) {
      const kind = kinds[nameOf(node.expression)];
      const text = textOf(node.arguments[0]);
      if (kind !== undefined && text !== null) {
        titles.push({ file, kind, text, within });
        if (kind === 'suite') inner = [...within, text];
      }
    }
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true), []);
  return titles;
};

/** Every title of the test files under a folder. */
export const titlesUnder = (dir: string): readonly Title[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .sort()
    .flatMap((name) => titlesIn(relative(join(dir, '..'), join(dir, name)), readFileSync(join(dir, name), 'utf8')));
