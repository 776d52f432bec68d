import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createFactories } from '../../src/index.ts';
import { truncateCells, wrapCells } from '../../src/views/text/cells.ts';
import { localHost } from '../support/local-host.ts';
import { realCli, type Ran } from '../support/real-cli.ts';
import { runTui } from '../support/tui.ts';

/** Titles of teams that once lost letters, or froze the screen. */
const root = mkdtempSync(join(tmpdir(), 'recall-screen-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const env = { XDG_CACHE_HOME: join(root, '.cache') };
const cli = (...argv: string[]): Promise<Ran> => realCli(argv, env);
const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe('titles in Indic scripts and Khmer', () => {
  it('keep every letter on the screen and in the output', async () => {
    const dir = join(root, 'indic');
    cpSync(source('screen-indic-letters'), dir, { recursive: true });
    expect(await cli('init', dir, '--yes')).toMatchObject({ code: 0 });
    const { ads } = JSON.parse((await cli('-w', dir, 'ads', '--limit', '60', '--json')).out);
    const titles: readonly string[] = ads.map(({ title }: { title: string }) => title);
    expect(titles.some((title) => title.startsWith('काजू बर्फी'))).toBe(true);
    const { out } = await cli('-w', dir, 'recall', 'u000', '-k', '13');
    expect(titles.filter((title) => out.includes(title))).toHaveLength(13);
    const t = await runTui(120, 40, { realHost: localHost(dir, createFactories(env), env) });
    await t.press('\r');
    const shown = t.screen.text();
    expect(titles.filter((title) => out.includes(title) && shown.includes(title))).toHaveLength(13);
    for (const word of ['ភ្នំពេញ', 'தமிழ் ஸ்ரீ', 'ಕ್ಷಮಿಸಿ', 'শাড়ি', 'ज्ञान पुस्तक', 'શ્રી સાડી', 'दीपक साड़ी'])
      expect(shown).toContain(word);
    await t.press('q');
  });
});

describe('rules edited since the manifest was written', () => {
  it('have a notice on the screen, next to the list', async () => {
    const dir = join(root, 'edited');
    cpSync(source('screen-indic-letters'), dir, { recursive: true });
    expect(await cli('init', dir, '--yes')).toMatchObject({ code: 0 });
    const path = join(dir, 'rules.json');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), keywordQueries: 3 }));
    const t = await runTui(120, 40, { realHost: localHost(dir, createFactories(env), env) });
    await t.press('\r');
    expect(t.screen.text()).toContain('the legacy rules were edited since the manifest');
    await t.press('q');
  });
});

describe('a description in the title column', () => {
  it('is imported, listed and recalled whole, though it has 20,000 characters', async () => {
    const ws = join(root, 'long');
    expect(await cli('import', 'csv', source('very-long-titles'), '--out', ws)).toMatchObject({ code: 0 });
    const { out } = await cli('-w', ws, 'ads');
    expect(out).toContain('长标题'.repeat(6_000));
    expect(await cli('-w', ws, 'recall', 'u1', '--mode', 'legacy')).toMatchObject({ code: 0 });
  });

  const cost = (work: () => void): number => {
    const runs = Array.from({ length: 5 }, () => {
      const started = performance.now();
      for (let i = 0; i < 20; i += 1) work();
      return performance.now() - started;
    });
    return Math.min(...runs);
  };

  it.each([
    ['cut to a cell', (text: string) => truncateCells(text, 40)],
    ['wrapped', (text: string) => wrapCells(text, 100)],
  ])('costs no more than in proportion to its length where it is %s', (_, draw) => {
    const text = (length: number): string => '长标题。'.repeat(length / 4);
    draw(text(400));
    expect(cost(() => void draw(text(20_000)))).toBeLessThan(20 * cost(() => void draw(text(4_000))) + 5);
  });
});
