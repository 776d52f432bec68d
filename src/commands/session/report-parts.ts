import { extname } from 'node:path';
import { privateFile } from '../../base/atomic-file.ts';
import type { Result } from '../../answers/answers.ts';
import type { DrawReport, Report, ReportEntry } from '../../answers/report.ts';
import type { ReportForm } from '../../answers/session.ts';
import type { ArgValues, Command } from '../../console/command.ts';
import { headlessLine } from '../../console/format-command.ts';
import { queryArgs } from '../../console/query-specs.ts';
import { defaultQuery } from '../../console/query-defaults.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import { createMask, type Mask } from '../../session/mask.ts';
import { toolName } from '../../session/tool.ts';
import { openVault } from '../../session/vault.ts';
import type { Factories } from '../../workspace/factories.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** Leaves everything as it is: `--reveal`. */
const open: Mask = {
  result: (result) => result,
  query: (query) => query,
  args: (args) => args,
  text: (text) => text,
};

/** The mask of a workspace's key; none with `--reveal`, or where no workspace was read. */
export const maskOf = async (workspace: Workspace | null, reveal: boolean): Promise<Mask> =>
  reveal || workspace === null
    ? open
    : createMask(
        await openVault(workspace),
        workspace.settings.calendar ?? [],
        (text) => workspace.store.user(text) !== null,
      );

/** The query that flags start from, under the mask's names. */
const basesOf = (workspace: Workspace | null, query: RecallQuery | null, mask: Mask): RecallQuery[] => {
  if (workspace === null || query === null || workspace.store.user(query.userId) === null) return [];
  return [mask.query(defaultQuery(workspace, query.userId))];
};

export interface Asked {
  readonly command: Command;
  readonly args: ArgValues;
  /** The query that the arguments do not say; null: they say it all. */
  readonly query: RecallQuery | null;
}

/** The shell line of a question, under the mask's names. */
export const lineOf = (workspace: Workspace | null, { command, args, query }: Asked, mask: Mask): string => {
  const needsUser = command.args.some(({ name, type }) => name === 'user' && type === 'user');
  const whole = query !== null && needsUser ? { user: query.userId, ...args } : args;
  return headlessLine(
    null,
    command,
    mask.args(whole, [...command.args, ...queryArgsOf(command)]),
    query === null ? null : mask.query(query),
    basesOf(workspace, query, mask),
  );
};

const queryArgsOf = (command: Command): Command['args'] => (command.takesQuery === true ? queryArgs : []);

export const entryOf = (line: string, command: string, result: Result): ReportEntry => ({
  command,
  line,
  result,
  error: null,
  step: null,
  status: null,
  notes: [],
});

/** What stands around the answers. */
export const reportOf = (
  workspace: Workspace | null,
  parts: Pick<Report, 'title' | 'masked' | 'differing' | 'entries'>,
): Report => ({
  ...parts,
  tool: toolName(),
  workspace:
    workspace === null
      ? null
      : {
          name: workspace.name,
          users: workspace.store.userCount,
          ads: workspace.catalog.adCount,
          events: workspace.store.eventCount,
          fingerprints: workspace.fingerprints,
          backend: workspace.backend()?.name ?? null,
        },
});

/** HTML or Markdown by the name's ending. Throws `usage`. */
export const formOf = (file: string): ReportForm => {
  const ending = extname(file).toLowerCase();
  if (ending === '.html' || ending === '.htm') return 'html';
  if (ending === '.md' || ending === '.markdown') return 'markdown';
  throw new RecallError('usage', `a report cannot be written as "${ending}"`, {
    expected: 'a file that ends in .html or .md',
    found: file,
  });
};

/** Written whole or not at all; for its owner alone where it names users. */
export const writeReport = async (
  files: Factories['files'],
  draw: DrawReport,
  report: Report,
  file: string,
  form = formOf(file),
): Promise<void> => {
  const text = await draw(report, form);
  await files.atomicWrite(file, text, report.masked ? undefined : privateFile);
};
