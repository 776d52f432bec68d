import type { Report } from '../../answers/report.ts';
import { grid, markdownText } from '../../base/markdown.ts';
import { t } from '../../base/texts.ts';
import { bar } from '../text/bars.ts';
import { figure } from '../text/figures.ts';
import { renderPlain } from '../text/render.ts';
import type { Block } from './blocks.ts';
import { aboutRows, asked, entryTitle, statusText, type Told } from './entries.ts';

/** A fence longer than any run of its marks inside. */
const fenced = (lines: readonly string[]): string[] => {
  const runs = lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, 1 + Math.max(0, ...runs)));
  return [fence, ...lines, fence];
};

const command = (line: string): string[] => fenced(renderPlain([[{ text: line }]]));

const barsMarkdown = ({ rows }: Extract<Block, { kind: 'bars' }>): string[] => {
  const most = Math.max(0, ...rows.map((r) => Math.abs(r.value)));
  return grid(
    ['', '', '', ''],
    rows.map((r) => [markdownText(r.name), r.figure, bar(r.value, most, 20), markdownText(r.note)]),
  );
};

const blockMarkdown = (block: Block): string[] => {
  switch (block.kind) {
    case 'text':
      return [markdownText(block.text)];
    case 'heading':
      return [`### ${markdownText(block.text)}`];
    case 'bars':
      return barsMarkdown(block);
    case 'table':
      return grid(
        block.columns.map((c) => markdownText(c.title)),
        block.rows.map((cells) => cells.map(markdownText)),
      );
    case 'path':
      return [
        `${markdownText(block.label)}: ${block.points.map((p) => figure(p.score)).join(' → ')} (${figure(block.goal)})`,
      ];
    case 'moves':
      return [];
    case 'lines':
      return fenced(renderPlain(block.lines));
  }
};

const apart = (blocks: ReadonlyArray<readonly string[]>): string =>
  blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');

const entryMarkdown = ({ entry, section }: Told): string => {
  const status = statusText(entry);
  return apart([
    [`## ${markdownText(entryTitle(entry, section))}`],
    [`**${markdownText(section.lead)}**`],
    ...(status === null ? [] : [[markdownText(status.text)]]),
    asked(entry).map(markdownText),
    command(entry.line),
    ...section.blocks.map(blockMarkdown),
  ]);
};

export const markdownReport = (report: Report, told: readonly Told[], title: string): string =>
  `${apart([
    [`# ${markdownText(title)}`],
    ...(told.length < 2
      ? []
      : [
          told.map(
            ({ entry, section }, i) =>
              `${i + 1}. ${markdownText(entryTitle(entry, section))}: ${markdownText(section.lead)}`,
          ),
        ]),
    ...told.map((one) => [entryMarkdown(one)]),
    [`## ${t('Computed from')}`],
    grid(
      ['', ''],
      aboutRows(report).map(([name, value]) => [markdownText(name), markdownText(value)]),
    ),
  ])}\n`;

/** Everything in one paragraph: what a ticket takes. Whom it was asked of stands where it changes. */
export const paragraphReport = (report: Report, told: readonly Told[]): string => {
  const sentences = told.map(({ entry, section }, i) => {
    const before = told[i - 1];
    const [about, last] = [asked(entry).join(), before === undefined ? '' : asked(before.entry).join()];
    const who = about === '' || about === last ? '' : ` (${markdownText(about)})`;
    return `**${markdownText(entryTitle(entry, section))}**${who}: ${markdownText(section.lead)}`;
  });
  const from = Object.entries(report.workspace?.fingerprints ?? {}).flatMap(([name, hash]) =>
    hash === null ? [] : [`${name} ${hash.slice(0, 8)}`],
  );
  const where =
    report.workspace === null ? '' : ` ${markdownText(report.workspace.name)}: ${from.map(markdownText).join(', ')}.`;
  return `${sentences.join(' ')}${where}\n`;
};
