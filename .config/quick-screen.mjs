import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';

const dataFetch = `const fetch = async (url) => ({
  ok: true,
  arrayBuffer: async () => new Uint8Array(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')).buffer,
});`;

/** Replaces a line of a package's source, which another version of the package may no longer have. */
const replaced = (source, line, by, path) => {
  if (!line.test(source)) throw new Error(`${path} has no line ${line}: the package changed, look at quick-screen.mjs`);
  return source.replace(line, by);
};

/** What is loaded in another form: the file, and its contents for the bundle. */
const sources = [
  {
    filter: /yoga-layout.dist.binaries.*\.js$/,
    contents: (source, path) => {
      // The shim does nothing where the binary is loaded in another way.
      if (!/\bfetch\(/.test(source)) throw new Error(`${path} fetches nothing: look at quick-screen.mjs`);
      return `${dataFetch}\n${source}`;
    },
  },
  {
    filter: /string-width.index\.js$/,
    contents: (source, path) =>
      replaced(
        source,
        /^const segmenter = new Intl\.Segmenter\(\);$/m,
        'let made; const segmenter = { segment: (text) => (made ??= new Intl.Segmenter()).segment(text) };',
        path,
      ),
  },
  {
    filter: /react-reconciler.cjs.react-reconciler\.production\.js$/,
    contents: async (source) =>
      (await transform(source, { minify: true, define: { 'process.env.NODE_ENV': '"production"' } })).code,
  },
];

/**
 * The first frame waits for Ink and React: what makes them load faster.
 * - Yoga, Ink's layout, fetches its WebAssembly as a data URL, which loads all of Node's HTTP client: 40 ms. Its bytes are
 *   decoded here.
 * - `string-width` makes its segmenter as it is loaded, which loads the tables of the locale: 9 ms. It is made when asked.
 * - React's reconciler is 280 KB with its own names, and 110 KB without: parsing is part of the start.
 * A package that no longer has what is replaced fails the build.
 */
export const quickScreen = {
  name: 'quick-screen',
  setup(build) {
    const met = new Set();
    for (const { filter, contents } of sources)
      build.onLoad({ filter }, async ({ path }) => {
        met.add(filter);
        return { contents: await contents(await readFile(path, 'utf8'), path), loader: 'js' };
      });
    build.onEnd(() => ({
      errors: sources
        .filter(({ filter }) => !met.has(filter))
        .map(({ filter }) => ({ text: `no file of the bundle is ${filter}: look at quick-screen.mjs` })),
    }));
  },
};
