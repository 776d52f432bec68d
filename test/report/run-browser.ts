/** `npm run test:browser -- [--pictures DIR]`: reports of the accepted sessions in headless Chromium, both themes, two widths. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createFactories } from '../../src/index.ts';
import { commands } from '../../src/commands/registry.ts';
import { drawReport } from '../../src/views/report/draw-report.ts';
import { chromiumPath, openBrowser } from '../support/chromium.ts';
import { openDemo } from '../support/demo.ts';
import { factsOf } from './page-checks.ts';

const path = chromiumPath();
if (path === null) {
  console.log('skipped: no Chromium here (Debian: apt-get install chromium; or CHROMIUM=/path/to/it)');
  process.exit(0);
}
const { values } = parseArgs({ options: { pictures: { type: 'string' } } });
const dir = mkdtempSync(join(tmpdir(), 'recall-browser-'));
const workspace = await openDemo();
const browser = await openBrowser(path);
const faults: string[] = [];
let [pages, least] = [0, 99];
try {
  const sessions = readdirSync('sessions').filter((name) => name.endsWith('.jsonl'));
  const report = commands.find(({ id }) => id === 'report');
  for (const name of sessions) {
    const out = join(dir, `${basename(name, '.jsonl')}.html`);
    await report?.run(
      {
        workspace: () => Promise.resolve(workspace),
        tools: createFactories(),
        signal: new AbortController().signal,
        progress: () => undefined,
        baseQuery: null,
        stdin: () => Promise.resolve(''),
        env: process.env,
        draw: drawReport,
      },
      { session: join('sessions', name), out },
    );
    for (const theme of ['light', 'dark'] as const)
      for (const width of [1200, 400]) {
        const png =
          values.pictures === undefined
            ? undefined
            : join(values.pictures, `${basename(name, '.jsonl')}-${theme}-${width}.png`);
        const facts = await factsOf(browser, out, { theme, width, ...(png === undefined ? {} : { png }) });
        pages += 1;
        least = Math.min(least, facts.least.ratio);
        const wrong = [
          ...facts.requests.map((url) => `asks for ${url}`),
          ...facts.messages.map((message) => `says ${message}`),
          ...facts.handlers.map((attribute) => `has an attribute ${attribute}`),
          ...(facts.least.ratio < 4.5 ? [`contrast ${facts.least.ratio.toFixed(2)} of "${facts.least.text}"`] : []),
          ...(facts.wide > 0 ? [`is ${facts.wide} px wider than the window`] : []),
          ...(facts.tags.includes('script') || facts.styles !== 1 ? [`has ${facts.styles} style sheets`] : []),
        ];
        faults.push(...wrong.map((fault) => `${name} ${theme} ${width} px: ${fault}`));
      }
  }
} finally {
  await browser.close();
  await workspace.close();
  rmSync(dir, { recursive: true, force: true });
}
console.log(`${pages} pages opened, least contrast ${least.toFixed(2)}, ${faults.length} faults`);
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
