/**
 * Bundles the measuring program as `prepare` bundles the product: without it the on-the-fly compiler's
 * helpers, wrapped round every closure, would be measured too.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { quickScreen } from '../../.config/quick-screen.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const banner = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
};

/** Returns the path of the bundled program; its scan worker is beside it. Packages are found from the project's root. */
export const bundleMeasure = async (): Promise<string> => {
  const outdir = join(root, 'node_modules/.cache/recall-tui-bench');
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: {
      measure: join(root, 'test/bench/measure.ts'),
      'scan-worker': join(root, 'src/adapters/scan/scan-worker.ts'),
    },
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['better-sqlite3', 'hnswlib-node', '@tensorflow/*'],
    banner,
  });
  return join(outdir, 'measure.js');
};

/** A program of this folder that drives the screen, bundled with the host's thread and its workers beside it. */
export const bundleDrive = async (name: string): Promise<string> => {
  const outdir = join(root, `node_modules/.cache/recall-tui-${name}`);
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: {
      drive: join(root, `test/bench/${name}.ts`),
      host: join(root, 'src/host.ts'),
      'user-worker': join(root, 'src/user-worker.ts'),
      'scan-worker': join(root, 'src/adapters/scan/scan-worker.ts'),
    },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [quickScreen],
    external: ['better-sqlite3', 'hnswlib-node', '@tensorflow/*', 'react-devtools-core'],
    banner,
  });
  return join(outdir, 'drive.js');
};
