import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generated } from '../docs/generate.ts';
import { terminalSvg } from '../docs/terminal-svg.ts';
import { Screen } from './support/screen.ts';

const root = join(import.meta.dirname, '..');
const docs = join(root, 'docs');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const guides = readdirSync(docs).filter((name) => name.endsWith('.md'));
const pages = ['README.md', ...guides.map((name) => `docs/${name}`)];
const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '');

/** Anchors of a page, as GitHub makes them from its headings. */
const anchorsOf = (text: string): Set<string> => {
  const seen = new Map<string, number>();
  const anchors = [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  return new Set(anchors);
};

const headingsOf = (text: string): string[] =>
  [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);

interface Link {
  readonly page: string;
  readonly target: string;
}

const links = (page: string): Link[] =>
  [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => ({ page, target }))
    .filter(({ target }) => !/^https?:/.test(target));

const isBroken = ({ page, target }: Link): boolean => {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, page) : resolve(dirname(join(root, page)), path);
  if (!existsSync(file)) return true;
  return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).has(anchor);
};

describe('the documents', () => {
  it('link only to files and headings that exist', () => {
    const all = pages.flatMap(links);
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter(isBroken)).toEqual([]);
  });

  it('name only paths of the repository that exist', () => {
    const paths = pages.flatMap((page) =>
      [...read(page).matchAll(/(?<![\w./$-])((?:src|test|docs|fixtures|\.config)\/[\w./-]*\w)/g)].map(
        ([, path = '']) => ({ page, path }),
      ),
    );
    expect(paths.length).toBeGreaterThan(40);
    // NAME and FAMILY stand for what a contributor chooses: the folder above must exist.
    const known = (path: string): string => path.replace(/\/(?:NAME|FAMILY)\b.*$/, '');
    expect(paths.filter(({ path }) => !existsSync(join(root, known(path))))).toEqual([]);
  });

  it('name only scripts of package.json', () => {
    const { scripts }: { scripts: Readonly<Record<string, string>> } = JSON.parse(read('package.json'));
    const named = pages.flatMap((page) => [...read(page).matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name));
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it.each(Object.entries(generated))('hold docs/%s as `npm run docs` writes it', (name, text) => {
    expect(read(`docs/${name}`)).toBe(text);
  });

  it('can all be reached from the README', () => {
    const reached = new Set<string>();
    const visit = (page: string): void => {
      if (reached.has(page)) return;
      reached.add(page);
      for (const { target } of links(page)) {
        const file = join(dirname(page), target.split('#')[0] ?? '');
        if (file.endsWith('.md') && pages.includes(file)) visit(file);
      }
    };
    visit('README.md');
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });
});

describe('the README', () => {
  const readme = read('README.md');

  it('has at most 12,000 bytes', () => {
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(12_000);
  });

  it('maps the folders of src/ as they are, the second level where it names one', () => {
    const map = /<!-- layout -->\n```text\nsrc\/\n([\s\S]*?)\n```\n<!-- \/layout -->/.exec(readme)?.[1] ?? '';
    const named = new Map<string, string[]>();
    const files: string[] = [];
    for (const line of map.split(/\n(?=\S)/)[0]?.split('\n') ?? []) {
      const [, folder, file] = /^ {2}(?:([\w-]+)\/|([\w.-]+)) /.exec(line) ?? [];
      if (folder !== undefined) named.set(folder, []);
      if (file !== undefined) files.push(file);
      if (/^ {4}[\w-]+\//.test(line))
        [...named.values()].at(-1)?.push(...[...line.matchAll(/([\w-]+)\//g)].map(([, name = '']) => name));
    }
    const foldersOf = (path: string): string[] =>
      readdirSync(join(root, path), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort();
    expect([...named.keys()].sort()).toEqual(foldersOf('src'));
    for (const [folder, children] of named)
      if (children.length > 0) expect(children.sort(), folder).toEqual(foldersOf(`src/${folder}`));
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => !existsSync(join(root, 'src', file)))).toEqual([]);
    const top = map.split('\n').flatMap((line) => /^([\w-]+)\/ /.exec(line)?.[1] ?? []);
    expect(top.filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
    expect(top).toContain('docs');
  });
});

describe('the sources', () => {
  const sourceFiles = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join('src', name));

  it('cite sections of docs/ that exist, and no document that is not in the repository', () => {
    const cited = sourceFiles.flatMap((file) =>
      [...read(file).matchAll(/(docs\/[\w-]+\.(?:md|json))(?:, "([^"]+)")?/g)].map(([, path = '', heading]) => ({
        file,
        path,
        heading,
      })),
    );
    expect(cited.length).toBeGreaterThan(8);
    const wrong = cited.filter(
      ({ path, heading }) =>
        !existsSync(join(root, path)) || (heading !== undefined && !headingsOf(read(path)).includes(heading)),
    );
    expect(wrong).toEqual([]);
    expect(sourceFiles.filter((file) => /\b(?:DESIGN|TRAPS)\b/.test(read(file)))).toEqual([]);
  });

  it('name, where a session cannot be read, a schema that the package ships', () => {
    const { files }: { files: readonly string[] } = JSON.parse(read('package.json'));
    const schema = /docs\/[\w.]+\.schema\.json/.exec(read('src/session/read.ts'))?.[0] ?? '';
    expect(existsSync(join(root, schema))).toBe(true);
    expect(files).toContain('docs/*.json');
  });
});

describe('the picture of a screen', () => {
  const picture = async (text: string, columns: number): Promise<string> => {
    const screen = new Screen(columns, 1);
    screen.write(text);
    await screen.settled();
    return terminalSvg([screen.styled(0)], 'a screen');
  };

  it('places the character after a wide one two cells further', async () => {
    const xs =
      /<text x="([^"]+)"[^>]*>a音箱b</
        .exec(await picture('a音箱b', 8))?.[1]
        ?.split(' ')
        .map(Number) ?? [];
    expect(xs).toHaveLength(4);
    const [a = 0, speaker = 0, box = 0, b = 0] = xs;
    expect(box - speaker).toBe(2 * 8);
    expect(b - a).toBe(5 * 8);
  });

  it('keeps the colours of the styles, and draws frames and bars as shapes', async () => {
    const svg = await picture('\u001b[32m██\u001b[0m┌─\u001b[7m <&> \u001b[0m', 12);
    expect(svg).toMatch(/<rect [^>]*width="16"[^>]*fill="#57c26b"\/>/);
    expect(svg).toMatch(/<path stroke="#c9d1d9"/);
    expect(svg).toContain('>&lt;&amp;&gt;</text>');
    expect(svg).not.toMatch(/[█┌─]/);
  });
});
