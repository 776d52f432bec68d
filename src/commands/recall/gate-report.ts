import type { GateData } from '../../answers/gate.ts';
import { grid, markdownText } from '../../base/markdown.ts';
import { xmlText } from '../../session/report-files.ts';

const verdictOf = ({ accepted, objections }: GateData): string =>
  accepted ? 'B may replace A: no check objects.' : `B may not replace A: ${objections} objections.`;

/** The report of a gate as Markdown: the verdict, each check, each objection with users and ads. */
export const gateMarkdown = (data: GateData): string =>
  [
    `# ${verdictOf(data)}`,
    '',
    `A: ${markdownText(data.a.dir)}  `,
    `B: ${markdownText(data.b.dir)}  `,
    `Differs: ${data.differing.map(({ title }) => markdownText(title)).join(', ') || 'nothing'}; ${data.users} users.`,
    '',
    ...grid(
      ['check', 'result', 'measured'],
      data.checks.map(({ name, says, objections }) => [
        markdownText(name),
        objections.length === 0 ? 'passes' : `**objects** (${objections.length})`,
        markdownText(says),
      ]),
    ),
    '',
    ...data.circular.map((text) => `- ${markdownText(text)}`),
    ...data.checks.flatMap(({ name, objections }) =>
      objections.length === 0
        ? []
        : [
            '',
            `## ${markdownText(name)}`,
            '',
            ...grid(
              ['objection', 'users', 'ads'],
              objections.map(({ text, userIds, adIds }) =>
                [text, userIds.join(', '), adIds.join(', ')].map(markdownText),
              ),
            ),
          ],
    ),
    '',
  ].join('\n');

/** JUnit XML: a case for each check; users stand under the names that a session gives them. */
export const gateJunit = ({ checks }: GateData, userName: (userId: string) => string): string => {
  const cases = checks.map(({ name, says, objections }) => {
    const open = `    <testcase classname="gate" name="${xmlText(name)}"`;
    if (objections.length === 0) return `${open}/>`;
    const text = objections.map((one) => [one.text, ...one.userIds.map(userName), ...one.adIds].join(' ')).join('\n');
    return `${open}><failure message="${xmlText(says)}">${xmlText(text)}</failure></testcase>`;
  });
  const failed = checks.filter(({ objections }) => objections.length > 0).length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite name="gate" tests="${checks.length}" failures="${failed}" errors="0">\n${cases.join('\n')}\n  </testsuite>\n</testsuites>\n`;
};
