// Bundles src/ to dist/: bundled Ink starts in half the time of unbundled, and worker threads need
// JavaScript files to start from. Native packages and TensorFlow stay outside.
import { rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { quickScreen } from './quick-screen.mjs';

const entries = {
  main: 'src/main.ts',
  index: 'src/index.ts',
  host: 'src/host.ts',
  'user-worker': 'src/user-worker.ts',
  'scan-worker': 'src/adapters/scan/scan-worker.ts',
  'parquet-worker': 'src/ingest/tables/parquet-worker.ts',
  'sql-child': 'src/adapters/sqlite/mapped/sql-child.ts',
};
const present = Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));

// A build that fails leaves the earlier one in place.
const fresh = `dist.partial-${process.pid}`;
await build({
  entryPoints: present,
  outdir: fresh,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  // Whitespace and syntax only: names stay readable in a stack trace, and parsing is part of the start.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [quickScreen],
  external: ['better-sqlite3', 'hnswlib-node', '@tensorflow/*', 'react-devtools-core'],
  // CommonJS packages inside an ESM bundle call require().
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
await rm('dist', { recursive: true, force: true });
await rename(fresh, 'dist');
