import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';

/**
 * The first frame waits for Ink and React: what makes them load faster.
 * - Yoga, Ink's layout, hands its WebAssembly to `fetch` as a data URL, which loads all of Node's HTTP client: 40 ms.
 *   Where there is no `fetch` it decodes the same bytes itself.
 * - React's reconciler is 280 KB with its own names, and 110 KB without: parsing is part of the start.
 */
export const quickScreen = {
  name: 'quick-screen',
  setup(build) {
    build.onLoad({ filter: /yoga-layout.dist.binaries.*\.js$/ }, async ({ path }) => ({
      contents: `const fetch = undefined;\n${await readFile(path, 'utf8')}`,
      loader: 'js',
    }));
    build.onLoad({ filter: /react-reconciler.cjs.react-reconciler\.production\.js$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        minify: true,
        define: { 'process.env.NODE_ENV': '"production"' },
      });
      return { contents: code, loader: 'js' };
    });
  },
};
