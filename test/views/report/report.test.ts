import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Result } from '../../../src/answers/answers.ts';
import type { Report } from '../../../src/answers/report.ts';
import { entryOf, formOf, reportOf, writeReport } from '../../../src/commands/session/report-parts.ts';
import { commands } from '../../../src/commands/registry.ts';
import { parseLine } from '../../../src/console/parse.ts';
import { createFileTools } from '../../../src/adapters/files/file-tools.ts';
import { drawReport } from '../../../src/views/report/draw-report.ts';
import { tell } from '../../../src/views/report/entries.ts';
import { escapeHtml } from '../../../src/base/html.ts';
import { fakeContext, fakeWorkspace } from '../../commands/fake-workspace.ts';
import { factsOf } from '../../report/page-checks.ts';
import { chromiumPath, openBrowser } from '../../support/chromium.ts';
import { makeWorld, type MemoryWorld } from '../../support/memory-world.ts';

const evil = `<img src=x onerror=alert(1)></style><script>alert(2)</script>" onload="x \u202e\u2066\u001b[31m\u0007 \`\`\` | & 智能音箱`;

/** The memory world in which each title and id tries to be markup. */
const evilWorld = (): MemoryWorld => {
  const world = makeWorld({ seed: 3, users: 6, ads: 80, eventsPerUser: 20 });
  return { ...world, ads: world.ads.map((ad) => ({ ...ad, title: `${evil}${ad.title}`, brand: evil })) };
};

const workspace = fakeWorkspace({ world: evilWorld() });
const dir = mkdtempSync(join(tmpdir(), 'recall-report-'));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const answer = async (line: string): Promise<Result> => {
  const outcome = parseLine(line, { commands, globals: [] });
  if (!outcome.ok || outcome.parsed.command === null) throw new Error(line);
  return outcome.parsed.command.run(fakeContext(workspace), outcome.parsed.args);
};

const lines = [
  `recall u1 --mode merged --search '<img src=x onerror=alert(3)>'`,
  'compare u1',
  'explain u1 ad-0007',
  'explain u1 -k 5',
  'contrast u1 ad-0007 ad-0042',
  'why-not u1 ad-0042 --mode merged --all-channels',
  'counterfactual u1 ad-0042',
  'events u1',
  'ads smart',
  'audience ad-0007 --workers 0',
  'scores u1',
  'stability u1',
  'commands',
];

const whole = async (asked: readonly string[] = lines): Promise<Report> => {
  const entries = [];
  for (const line of asked) entries.push(entryOf(`recall-tui ${line}`, line, await answer(line)));
  return reportOf(workspace, { title: evil, masked: true, differing: [], entries });
};

const tags = (html: string): Set<string> => new Set([...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag = '']) => tag));
const ours =
  'html head meta link title style body main section h1 h2 h3 p ol li a code pre span div table thead tbody tr th td dl dt dd figure svg line rect circle path text';

describe('a report', () => {
  it('has no tag but its own, no attribute that runs, no address, and no character that acts, whatever the data holds', async () => {
    const html = await drawReport(await whole(), 'html');
    const own = new Set(ours.split(' '));
    expect([...tags(html)].filter((tag) => !own.has(tag))).toEqual([]);
    expect(html.match(/<\/style/g)).toHaveLength(1);
    const markup = html.replace(/<style>.*<\/style>/s, '').match(/<[^>]*>/g) ?? [];
    expect(markup.filter((tag) => /\son\w+=|\sstyle=|\ssrc=|https?:/i.test(tag.replace(/"[^"]*"/g, '""')))).toEqual([]);
    expect(html).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(html).toContain(escapeHtml('智能音箱'));
    expect(escapeHtml(`<'"&\u202e\`>`)).toBe('&lt;&#39;&quot;&amp;&#96;&gt;');
  });

  it('says each verdict before anything that shows it, in HTML, in Markdown and in the paragraph', async () => {
    const report = await whole();
    const [html, md, brief] = [
      await drawReport(report, 'html'),
      await drawReport(report, 'markdown'),
      await drawReport(report, 'paragraph'),
    ];
    expect(brief.trim().split('\n')).toHaveLength(1);
    for (const entry of report.entries) {
      const { lead } = tell(entry).section;
      expect(lead).not.toBe('');
      const words =
        lead
          .split(/[^\p{L}\p{N} ]/u)
          .sort((a, b) => b.length - a.length)[0]
          ?.trim() ?? '';
      for (const text of [html, md, brief]) expect(text).toContain(words);
    }
    expect(md.replace(/^(`{3,})\n[\s\S]*?\n\1$/gm, '')).not.toMatch(/(?<!\\)<img/);
    expect(html.indexOf('class="lead"')).toBeLessThan(html.indexOf('class="bar"'));
    expect(await drawReport(report, 'html')).toBe(html);
  });

  it('shows the parts of a score that sum to it', async () => {
    const result = await answer('explain u1 ad-0007');
    const [bars] = tell(entryOf('', 'explain', result)).section.blocks.filter((block) => block.kind === 'bars');
    const rows = bars?.rows ?? [];
    const sum = rows.slice(0, -1).reduce((total, { value }) => total + value, 0);
    expect(rows.length).toBeGreaterThan(5);
    expect(sum).toBeCloseTo(rows.at(-1)?.value ?? 0, 9);
  });

  it('takes its form of the name, and is for its owner alone where users are shown', async () => {
    const { atomicWrite } = createFileTools({ XDG_CACHE_HOME: dir });
    const write = { ...createFileTools({ XDG_CACHE_HOME: dir }), atomicWrite };
    const report = await whole();
    const [open, masked] = [join(dir, 'open.md'), join(dir, 'masked.html')];
    await writeReport(write, drawReport, { ...report, masked: false }, open);
    await writeReport(write, drawReport, report, masked);
    expect(statSync(open).mode & 0o777).toBe(0o600);
    expect(statSync(masked).mode & 0o777).not.toBe(0o600);
    expect(() => formOf('x.pdf')).toThrow(/cannot be written as "\.pdf"/);
  });

  const browser = chromiumPath();
  if (browser === null) console.log('skipped: no Chromium here; npm run test:browser says how to get it');
  it.skipIf(browser === null)(
    'opened in Chromium asks for nothing, says nothing, is legible in both themes and fits 400 px',
    async () => {
      const file = join(dir, 'evil.html');
      writeFileSync(file, await drawReport(await whole(lines.slice(1, 8)), 'html'));
      const page = await openBrowser(browser ?? '');
      try {
        for (const [theme, width] of [
          ['light', 1200],
          ['dark', 400],
        ] as const) {
          const facts = await factsOf(page, file, { theme, width });
          expect(facts).toMatchObject({ requests: [], messages: [], handlers: [], styles: 1 });
          expect(facts.tags).not.toContain('img');
          expect(facts.tags).not.toContain('script');
          expect(facts.least.ratio).toBeGreaterThanOrEqual(4.5);
          expect(facts.wide).toBeLessThanOrEqual(0);
          expect(facts.text).toBeGreaterThan(1000);
        }
      } finally {
        await page.close();
      }
    },
    60_000,
  );
});
