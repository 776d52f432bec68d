import { el, joinHtml, lineBreak, type Html } from '../../base/html.ts';
import { htmlPage } from '../../base/html-page.ts';
import { t } from '../../base/texts.ts';
import type { Report, ReportEntry } from '../../answers/report.ts';
import type { Line } from '../text/line.ts';
import type { Block, ReportColumn } from './blocks.ts';
import { aboutRows, entryTitle, asked, statusText, type Told } from './entries.ts';
import { barSvg, movesSvg, pathSvg } from './svg.ts';

const wide = (label: string, child: Html): Html =>
  el('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': label }, child);

const cellClass = ({ align, id }: ReportColumn): string | null => (align === 'right' ? 'right' : id ? 'id' : null);

const tableHtml = ({ columns, rows }: Extract<Block, { kind: 'table' }>): Html =>
  wide(
    t('Table'),
    el(
      'table',
      { class: 'data' },
      el('thead', {}, el('tr', {}, ...columns.map((c) => el('th', { class: cellClass(c), scope: 'col' }, c.title)))),
      el(
        'tbody',
        {},
        ...rows.map((cells) =>
          el('tr', {}, ...columns.map((c, i) => el('td', { class: cellClass(c) }, cells[i] ?? ''))),
        ),
      ),
    ),
  );

const barsHtml = ({ label, signed, rows }: Extract<Block, { kind: 'bars' }>): Html => {
  const most = Math.max(0, ...rows.map((r) => Math.abs(r.value)));
  return wide(
    label,
    el(
      'table',
      { 'aria-label': label },
      el(
        'tbody',
        {},
        ...rows.map((r) =>
          el(
            'tr',
            {},
            el('td', {}, r.name),
            el('td', { class: 'right' }, r.figure),
            el('td', { class: 'bar' }, barSvg(r.value, most, signed)),
            el('td', { class: 'dim' }, r.note),
          ),
        ),
      ),
    ),
  );
};

const lineHtml = (line: Line): Html =>
  joinHtml(
    ...line.map((s) =>
      s.style === undefined || s.style === 'selected' ? s.text : el('span', { class: s.style }, s.text),
    ),
    lineBreak,
  );

const blockHtml = (block: Block): Html => {
  switch (block.kind) {
    case 'text':
      return el('p', { class: block.style ?? null }, block.text);
    case 'heading':
      return el('h3', {}, block.text);
    case 'bars':
      return barsHtml(block);
    case 'table':
      return tableHtml(block);
    case 'path':
      return pathSvg(block);
    case 'moves':
      return movesSvg(block);
    case 'lines':
      return el('pre', { tabindex: 0 }, ...block.lines.map(lineHtml));
  }
};

const entryHtml = ({ entry, section }: Told, i: number, title: string): Html => {
  return el(
    'section',
    { id: `answer-${i + 1}` },
    el('h2', {}, entryTitle(entry, section)),
    section.lead === title ? null : el('p', { class: 'lead' }, section.lead),
    ...statusHtml(entry),
    ...asked(entry).map((text) => el('p', { class: 'dim' }, text)),
    el('code', { class: 'line' }, entry.line),
    ...section.blocks.map(blockHtml),
  );
};

const statusHtml = (entry: ReportEntry): Html[] => {
  const status = statusText(entry);
  return status === null ? [] : [el('p', { class: status.style }, status.text)];
};

const contents = (told: readonly Told[]): Html[] =>
  told.length < 2
    ? []
    : [
        el(
          'ol',
          { class: 'answers' },
          ...told.map(({ entry, section }, i) =>
            el('li', {}, el('a', { href: `#answer-${i + 1}` }, entryTitle(entry, section)), ` ${section.lead}`),
          ),
        ),
      ];

/** One page: what was found first, then each answer, then what it was computed from. */
export const htmlReport = (report: Report, told: readonly Told[], title: string): string =>
  htmlPage(
    title,
    joinHtml(
      el('h1', {}, title),
      ...contents(told),
      ...told.map((one, i) => entryHtml(one, i, title)),
      el(
        'section',
        {},
        el('h2', {}, t('Computed from')),
        el('dl', {}, ...aboutRows(report).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
      ),
    ),
  );
