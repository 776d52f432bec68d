import type { RecallQuery } from '../../domain/query.ts';
import type { ArgValues } from '../../console/command.ts';
import { shellWord } from '../../console/command-line.ts';

/** What does not change the figures. */
const beside = new Set(['resume', 'markdown', 'workers', 'user']);

const flagsOf = (args: ArgValues, left: ReadonlySet<string>): string[] =>
  Object.keys(args)
    .sort()
    .flatMap((name) => {
      const value = args[name];
      if (value === undefined || value === false || left.has(name)) return [];
      const flag = name.length === 1 ? `-${name}` : `--${name}`;
      if (value === true) return [flag];
      return (Array.isArray(value) ? value : [value]).flatMap((one) => [flag, String(one)]);
    });

/**
 * The shell line that gives the same report. `asked`: a screen or a script had this query already, so the
 * line carries it on stdin; null: the arguments say it all.
 */
export const reproduceLine = (args: ArgValues, asked: RecallQuery | null, dir: string): string => {
  const byQuery = asked !== null && args['a'] === undefined;
  const own = byQuery
    ? new Set([
        ...beside,
        'query',
        'k',
        'ef',
        'at',
        'mode',
        'weight',
        'context',
        'preset',
        'search',
        'view',
        'purchase',
        'friend',
        'no-eligibility',
      ])
    : beside;
  const line = [
    'recall-tui',
    'compare',
    ...flagsOf({ ...args, all: true }, own),
    ...(byQuery ? ['--query', '-'] : []),
    '--workspace',
    dir,
    '--json',
  ]
    .map(shellWord)
    .join(' ');
  return byQuery ? `printf %s ${shellWord(JSON.stringify(asked))} | ${line}` : line;
};
