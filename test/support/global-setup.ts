import { execFileSync } from 'node:child_process';

/** Workers and the bin run from dist/: build it once before the tests, so that no test sees a stale one. */
export function setup(): void {
  if (process.env['RECALL_SKIP_BUILD']) return;
  execFileSync(process.execPath, ['.config/build.mjs'], { stdio: 'inherit' });
}
