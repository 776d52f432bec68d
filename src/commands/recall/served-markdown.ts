import type { ServedAllData } from '../../answers/recall.ts';
import type { CauseCount } from '../../domain/served/summary.ts';
import { grid, iso, number, safe } from '../../base/markdown.ts';

const causesOf = (causes: readonly CauseCount[]): string =>
  causes.map(({ cause, ads }) => `${cause} ${ads}`).join(', ');

/** What `compare --served` found, as Markdown: all requests, most different first. */
export const servedMarkdown = (
  { requests, same, jaccard, rbo, causes, users, failed }: ServedAllData,
  workspace: string,
): string =>
  [
    '# What was served against what is recomputed',
    '',
    ...grid(
      ['', ''],
      [
        ['workspace', safe(workspace)],
        ['requests', `${requests}; ${same} recomputed ad by ad`],
        ['mean Jaccard, mean RBO', `${number(jaccard)}, ${number(rbo)}`],
        ...Object.entries(failed).map(([reason, n]) => ['could not be asked', `${n}: ${safe(reason)}`]),
      ],
    ),
    '',
    '## Differences by cause',
    '',
    'A cause is named only where a run or a stated fact proves it.',
    '',
    ...grid(
      ['cause', 'differences'],
      causes.map(({ cause, ads }) => [cause, String(ads)]),
    ),
    '',
    '## Requests, most different first',
    '',
    ...grid(
      ['user', 'time', 'RBO', 'Jaccard', 'differences', 'causes'],
      users.map((u) => [
        safe(u.userId),
        iso(u.at),
        number(u.rbo, 3),
        number(u.jaccard, 3),
        String(u.differences),
        causesOf(u.causes),
      ]),
    ),
    '',
  ].join('\n');
