import type { DrawReport } from '../../answers/report.ts';
import { tell } from './entries.ts';
import { htmlReport } from './html-report.ts';
import { markdownReport, paragraphReport } from './markdown-report.ts';

/** A report as HTML, Markdown, or one paragraph of Markdown. */
export const drawReport: DrawReport = (report, form) => {
  const told = report.entries.map(tell);
  const title = report.title === '' ? (told[0]?.section.lead ?? report.tool) : report.title;
  switch (form) {
    case 'html':
      return Promise.resolve(htmlReport(report, told, title));
    case 'markdown':
      return Promise.resolve(markdownReport(report, told, title));
    case 'paragraph':
      return Promise.resolve(paragraphReport(report, told));
  }
};
