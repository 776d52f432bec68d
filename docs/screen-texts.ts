/** The texts of the screen, collected from the sources: `docs/texts.json`, and the texts that stand outside the table. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', 'src');

/** Folders whose texts are shown on the screen. */
export const screenFolders = ['views', 'state', 'tui'];

export interface SourceText {
  /** `views/screen/list.ts:12` */
  readonly at: string;
  readonly text: string;
}

/** Calls that take texts of the table, and how many of their first arguments are texts. */
const tableCalls: Readonly<Record<string, { readonly from: number; readonly to: number }>> = {
  t: { from: 0, to: 1 },
  tn: { from: 1, to: 3 },
  phrase: { from: 0, to: 1 },
};

/** The text of one and of many that `plural(n, 'ad')` says. */
const pluralTexts = (one: string, many = `${one}s`): string[] => [`{n} ${one}`, `{n} ${many}`];

const literal = (node: ts.Node | undefined): string | null =>
  node !== undefined && (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) ? node.text : null;

/** What a literal, or each piece of a template, says. */
const pieces = (node: ts.Node): string[] => {
  const own = literal(node);
  if (own !== null) return [own];
  return ts.isTemplateExpression(node) ? [node.head.text, ...node.templateSpans.map((part) => part.literal.text)] : [];
};

/** Words in a row, or a word beside a blank: prose, where an id or a key would be one word. */
const isProse = (text: string, inTemplate: boolean): boolean =>
  /\p{L}{2}[,;:.)!?]* [(“"]?\p{L}/u.test(text) ||
  (inTemplate && /(^|[^\p{L}-])\p{L}{2,}[,;:.)]* |[ (]\p{L}{2,}($|[^\p{L}-])/u.test(text));

const wordProperties = new Set(['title', 'label', 'text', 'hint', 'heading', 'none', 'note', 'empty', 'says']);
const wordCalls = new Set(['span', 'text', 'sentence', 'hanging', 'named']);

/** Styles of `views/text/line.ts`, which `label:` and `text:` may name. */
const styles = new Set(['dim', 'bold', 'accent', 'good', 'bad', 'warn', 'selected']);

/** A place where even one word is shown: `title: 'rank'`, `span('none')`. */
const isShown = (node: ts.Node): boolean => {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent) && parent.initializer === node)
    return wordProperties.has(parent.name.getText().replace(/['"]/g, ''));
  return ts.isCallExpression(parent) && parent.arguments[0] === node && wordCalls.has(parent.expression.getText());
};

const isKey = (node: ts.Node): boolean => {
  const { parent } = node;
  return (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isLiteralTypeNode(parent) ||
    ts.isCaseClause(parent) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword)
  );
};

interface Collected {
  /** Texts in the table. */
  readonly texts: readonly SourceText[];
  /** Texts shown without the table. */
  readonly outside: readonly SourceText[];
  /** Calls whose text is not a literal: they cannot be collected. */
  readonly unread: readonly SourceText[];
}

const collectFile = (file: string): Collected => {
  const texts: SourceText[] = [];
  const outside: SourceText[] = [];
  const unread: SourceText[] = [];
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const at = (node: ts.Node): string => `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  const says = /from '[^']*\/texts\.ts'|from '[^']*\/phrase\.ts'/.test(source.text);
  const inScreen = screenFolders.includes(file.split('/')[0] ?? '');
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const name = node.expression.getText();
      const taken = tableCalls[name];
      if (taken !== undefined && says) {
        const said = node.arguments.slice(taken.from, taken.to);
        for (const argument of said) {
          const text = literal(argument);
          if (text === null) unread.push({ at: at(argument), text: argument.getText() });
          else texts.push({ at: at(argument), text });
        }
        for (const argument of node.arguments) if (!said.includes(argument)) visit(argument);
        return;
      }
      if (name === 'plural') {
        const [value, one, many] = node.arguments;
        const word = literal(one);
        if (word !== null)
          texts.push(...pluralTexts(word, literal(many) ?? undefined).map((text) => ({ at: at(node), text })));
        if (value !== undefined) visit(value);
        return;
      }
    }
    if (inScreen && !isKey(node)) {
      const inTemplate = ts.isTemplateExpression(node);
      const shown = pieces(node).filter(
        (text) => isProse(text, inTemplate) || (isShown(node) && !styles.has(text) && /\p{L}{2}/u.test(text)),
      );
      if (shown.length > 0) outside.push({ at: at(node), text: shown.join('…') });
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return { texts, outside, unread };
};

/** All of src/, a file at a time, in the order of paths. */
export const collectTexts = (): Collected => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .sort()
    .map(collectFile);
  return {
    texts: files.flatMap(({ texts }) => texts),
    outside: files.flatMap(({ outside }) => outside),
    unread: files.flatMap(({ unread }) => unread),
  };
};

/** Each text once, with the files that say it. */
export const textsTable = (texts: readonly SourceText[]): Readonly<Record<string, readonly string[]>> => {
  const table = new Map<string, Set<string>>();
  for (const { text, at } of texts) table.set(text, (table.get(text) ?? new Set()).add(at.replace(/:\d+$/, '')));
  return Object.fromEntries([...table].sort(([a], [b]) => (a < b ? -1 : 1)).map(([text, at]) => [text, [...at]]));
};
