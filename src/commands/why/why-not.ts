import { shellWord } from '../../base/shell.ts';
import type { WhyNotData } from '../../answers/why.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { Repair } from '../../domain/verdict.ts';
import type { WhyNotOptions } from '../../engine/why-not/why-not.ts';
import { whyNot } from '../../engine/why-not/why-not.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { flagArg, textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { recallCommandLine } from '../../console/command-line.ts';
import { requiredText } from './explain.ts';
import { queryFromArgs } from '../query/args.ts';
import { titlesOf } from '../../engine/titles.ts';
import { lacksUser } from '../../console/needs.ts';

/** Runs a why-not, and gives its repair the command line that shows it; what the TUI and `why-not` both show. */
export const runWhyNot = async (
  workspace: Workspace,
  query: RecallQuery,
  adId: string,
  options: WhyNotOptions,
): Promise<WhyNotData> => {
  const { query: _, repair, ...verdict } = await whyNot(workspace.engine, query, adId, options);
  const named = [
    adId,
    ...verdict.suggestions,
    ...(verdict.crowding?.adIds ?? []),
    ...verdict.displacedBy.map((ad) => ad.adId),
    ...(repair?.effect.displaced ?? []),
    ...(repair?.effect.entered ?? []),
  ];
  const titles = titlesOf(workspace.catalog, named);
  return {
    ...verdict,
    title: titles.get(adId) ?? null,
    titles: Object.fromEntries(titles),
    repair: repair === null ? null : { ...repair, command: repairLine(workspace, repair) },
  };
};

/** The line that runs a repair. */
export const repairLine = (
  workspace: Workspace,
  { change, query }: Pick<Repair, 'query'> & { change: { type: string } },
): string =>
  change.type === 'reindex'
    ? ['recall-tui', 'index', workspace.dir].map(shellWord).join(' ')
    : recallCommandLine(workspace, query);

export const whyNotCommand: Command<'why-not'> = {
  id: 'why-not',
  title: 'Explain why an ad is not in the list',
  doc: 'Explains why an ad is not in the list: it is in the list after all, unknown or ineligible, or else each channel gives a verdict with its proof and the margin in score and rank. The near-identical creatives that crowd the ad out are listed, and the cheapest single change of the query that brings it in; that change has been run. For an ad that is good enough by the exact scan and that the index missed, no weight is tried.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  keys: ['n'],
  when: ({ userId }) => userId !== null || lacksUser(),
  args: [
    { name: 'user', type: 'user', position: 0, required: true, doc: 'The user.' },
    { name: 'ad', type: 'ad', position: 1, required: true, doc: 'The ad that is missing.' },
    { name: 'all-channels', type: 'flag', doc: 'Also judge the channels that this query does not use.' },
    { name: 'no-repair', type: 'flag', doc: 'Give the verdict only, without a search for a repair.' },
  ],
  examples: ['why-not u-00412 ad-05313', 'why-not u-00412 ad-05313 --mode merged'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const started = workspace.clock.tick();
    const data = await runWhyNot(workspace, query, requiredText(args, 'ad'), {
      allChannels: flagArg(args, 'all-channels'),
      repair: !flagArg(args, 'no-repair'),
      signal: context.signal,
    });
    return { schema: 'why-not', query, data, timingsMs: { total: workspace.clock.tick() - started } };
  },
};
