import tseslint from 'typescript-eslint';

/**
 * The import rules (README, "Source layout"): a folder may import only from the folders listed for it, all of
 * them above it. `test/imports.test.ts` checks the same table on the real import graph, and that there is no circle.
 */
const core = ['base', 'domain', 'engine'];
const library = [...core, 'workspace', 'ingest', 'training', 'answers', 'console', 'session', 'commands'];
export const mayImport = {
  base: [],
  domain: ['base'],
  engine: ['base', 'domain'],
  adapters: core,
  workspace: core,
  ingest: [...core, 'workspace'],
  training: [...core, 'workspace'],
  answers: [...core, 'workspace', 'ingest', 'training'],
  console: [...core, 'workspace', 'answers'],
  session: [...core, 'workspace', 'answers', 'console'],
  commands: library.filter((folder) => folder !== 'commands'),
  state: [...core, 'answers', 'console', 'session', 'commands'],
  views: [...core, 'answers', 'console', 'session', 'commands', 'state'],
  tui: [...library, 'state', 'views'],
  cli: [...library, 'views'],
};

/** Within a folder: `views/answers` and `views/text` serve the headless front end, which has no state. */
export const mayNotImport = {
  'views/answers': ['state', 'views/screen', 'views/report'],
  'views/text': ['state', 'views/screen', 'views/answers', 'views/report'],
  'views/report': ['state', 'views/screen'],
};

const folders = Object.keys(mayImport);
const native = ['better-sqlite3', 'hnswlib-node', '@tensorflow/*'];
const screen = ['ink', 'react', 'react/*'];

const depths = [1, 2, 3, 4];

/** The rules of one folder for its files `depth` levels down: from there, `up` leads to src/. */
const zone = (folder, depth) => {
  const up = '../'.repeat(depth);
  const banned = folders.filter((f) => f !== folder && !mayImport[folder].includes(f));
  return {
    files: [`src/${folder}/${'*/'.repeat(depth - 1)}*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...(banned.length === 0
              ? []
              : [
                  {
                    group: banned.map((f) => `${up}${f}/**`),
                    message: `${folder}/ may import only ${mayImport[folder].join(', ') || 'nothing of src/'}`,
                  },
                ]),
            {
              group: [`${up}index.ts`, `${up}main.ts`],
              message: 'index.ts and main.ts are roots: nothing in a folder imports them',
            },
            ...(folder === 'adapters'
              ? []
              : [{ group: native, message: 'native packages are imported in src/adapters only' }]),
            ...(folder === 'tui' ? [] : [{ group: screen, message: 'ink and react are imported in src/tui only' }]),
          ],
        },
      ],
    },
  };
};

export default tseslint.config(
  { ignores: ['dist/**', 'dist.partial-*/**', 'node_modules/**', 'coverage/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // The formatter breaks code; this holds what it leaves alone, comments above all.
      'max-len': [
        'error',
        { code: 140, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true, ignoreUrls: true },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'no default exports' },
        { selector: 'TSEnumDeclaration', message: 'no enums: use a union of string literals' },
        {
          selector: 'CallExpression[callee.property.name="localeCompare"]',
          message: 'order by code unit, never by locale',
        },
      ],
    },
  },
  { files: ['test/vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  ...folders.flatMap((folder) => depths.map((depth) => zone(folder, depth))),
);
