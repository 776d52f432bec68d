import tseslint from 'typescript-eslint';

/**
 * The house's import rules (README, "The map of the house"): a folder may import only from the
 * folders listed for it. `test/imports.test.ts` checks the same table on the real import graph.
 */
export const mayImport = {
  domain: [],
  engine: ['domain'],
  adapters: ['domain', 'engine'],
  workspace: ['domain', 'engine'],
  ingest: ['domain', 'engine', 'workspace'],
  training: ['domain', 'engine', 'workspace'],
  commands: ['domain', 'engine', 'workspace', 'ingest', 'training', 'session'],
  session: ['domain', 'engine', 'commands'],
  state: ['domain', 'engine', 'commands', 'session'],
  views: ['domain', 'engine', 'commands', 'state'],
  tui: ['domain', 'engine', 'commands', 'session', 'state', 'views'],
  cli: ['domain', 'engine', 'commands', 'session', 'views'],
};

const folders = Object.keys(mayImport);
const native = ['better-sqlite3', 'hnswlib-node', '@tensorflow/*'];
const screen = ['ink', 'react', 'react/*'];

const zone = (folder) => {
  const banned = folders.filter((f) => f !== folder && !mayImport[folder].includes(f));
  return {
    files: [`src/${folder}/**/*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': ['error', {
        patterns: [
          { group: banned.flatMap((f) => [`../${f}/*`, `../${f}/**`, `../../${f}/**`, `../../../${f}/**`]), message: `${folder}/ may import only ${mayImport[folder].join(', ') || 'nothing of the house'}` },
          { group: ['../index.ts', '../../index.ts', '../main.ts', '../../main.ts'], message: 'index.ts and main.ts are roots: nothing in a folder imports them' },
          ...(folder === 'adapters' ? [] : [{ group: native, message: 'native packages are imported in src/adapters only' }]),
          ...(folder === 'tui' ? [] : [{ group: screen, message: 'ink and react are imported in src/tui only' }]),
        ],
      }],
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
      'no-restricted-syntax': ['error',
        { selector: 'ExportDefaultDeclaration', message: 'no default exports' },
        { selector: 'TSEnumDeclaration', message: 'no enums: use a union of string literals' },
        { selector: 'CallExpression[callee.property.name="localeCompare"]', message: 'order by code unit, never by locale' },
      ],
    },
  },
  { files: ['test/vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  ...folders.map(zone),
);
