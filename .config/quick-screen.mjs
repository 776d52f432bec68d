import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';

const dataFetch = `const fetch = async (url) => ({
  ok: true,
  arrayBuffer: async () => new Uint8Array(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')).buffer,
});`;

/**
 * The first frame waits for Ink and React: what makes them load faster.
 * - Yoga, Ink's layout, fetches its WebAssembly as a data URL, which loads all of Node's HTTP client: 40 ms. Its bytes are
 *   decoded here.
 * - `string-width` makes its segmenter as it is loaded, which loads the tables of the locale: 9 ms. It is made when asked.
 * - React's reconciler is 280 KB with its own names, and 110 KB without: parsing is part of the start.
 */
export const quickScreen = {
  name: 'quick-screen',
  setup(build) {
    build.onLoad({ filter: /yoga-layout.dist.binaries.*\.js$/ }, async ({ path }) => ({
      contents: `${dataFetch}\n${await readFile(path, 'utf8')}`,
      loader: 'js',
    }));
    build.onLoad({ filter: /string-width.index\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(
        /^const segmenter = new Intl\.Segmenter\(\);$/m,
        'let made; const segmenter = { segment: (text) => (made ??= new Intl.Segmenter()).segment(text) };',
      ),
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
