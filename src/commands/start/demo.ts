import type { DemoAd, DemoCase, DemoData } from '../../answers/start.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { numberArg } from '../../console/arg-values.ts';
import type { Command, CommandContext } from '../../console/command.ts';
import { readPlanted, type PlantedRow } from './planted.ts';
import { groupsByPhi, plantedQuery, recallByGroup, runPlanted, type PlantedOutcome } from './planted.ts';
import { runRecall } from '../recall/recall.ts';

const storyCase = 'smart-speaker';
const shown = 5;

const story = async (
  workspace: Workspace,
  row: PlantedRow,
  context: CommandContext,
): Promise<NonNullable<DemoData['story']>> => {
  const query = plantedQuery(workspace, row);
  const top = async (mode: 'model' | 'legacy'): Promise<DemoAd[]> => {
    const { data } = await runRecall(workspace, { ...query, mode }, context);
    return data.candidates.slice(0, shown).map(({ rank, adId, title, score, channels, engaged }) => ({
      rank,
      adId,
      title,
      score,
      channels: channels.map((c) => c.channel),
      engaged,
    }));
  };
  const model = await top('model');
  const first = model[0];
  return {
    userId: row.userId,
    asOf: row.asOf,
    model,
    legacy: await top('legacy'),
    carriedBy: first === undefined ? [] : await groupsByPhi(workspace, query, first.adId),
  };
};

const cases = (workspace: Workspace, outcomes: readonly PlantedOutcome[]): DemoCase[] =>
  outcomes.map(({ row, adId, ranks, groups }) => {
    const ordinal = workspace.catalog.ordinalOf(adId);
    const [ad] = ordinal === null ? [] : workspace.catalog.ads([ordinal]);
    return {
      case: row.case,
      userId: row.userId,
      adId,
      title: ad?.title ?? '',
      planted: row.group,
      ranks,
      carriedBy: groups[0]?.group ?? null,
    };
  });

/** At most `limit` rows of each group, evenly spread over them; 0 = all. */
const spread = (rows: readonly PlantedRow[], limit: number): PlantedRow[] => {
  const groups = [...new Set(rows.map((row) => row.group))];
  return groups.flatMap((group) => {
    const own = rows.filter((row) => row.group === group);
    if (limit <= 0 || own.length <= limit) return own;
    return Array.from({ length: limit }, (_, i) => own[Math.floor((i * own.length) / limit)]).filter(
      (row) => row !== undefined,
    );
  });
};

const nextSteps = (row: PlantedRow): string[] => [
  `recall-tui recall ${row.userId}`,
  `recall-tui explain ${row.userId} ${row.adId}`,
  `recall-tui why-not ${row.userId} ${row.adId} --mode legacy`,
  `recall-tui recall ${row.userId} --weight browse=0`,
  'recall-tui users',
  'recall-tui commands',
];

export const demoCommand: Command<'demo'> = {
  id: 'demo',
  title: 'Show what the demo world recalls',
  doc: 'Shows the bundled demo world: the lists of the model and of the legacy rules for one user, each named case, and the recall of the planted clicks by feature group. At a terminal it opens the demo on the screen instead.',
  family: 'start',
  args: [
    {
      name: 'clicks',
      type: 'int',
      default: 20,
      unit: 'clicks',
      doc: 'Planted clicks to run per group, evenly spread; 0 runs all.',
    },
  ],
  needs: 'workspace',
  examples: ['demo', 'demo --clicks 0 --json'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const rows = await readPlanted(workspace);
    const clicks = rows.filter((row) => row.case === 'planted');
    const run = (chosen: readonly PlantedRow[]): Promise<PlantedOutcome[]> => runPlanted(workspace, chosen, context);
    const named = await run(rows.filter((row) => row.case !== 'planted' && row.verdict === undefined));
    const outcomes = await run(spread(clicks, numberArg(args, 'clicks') ?? 20));
    const lead = rows.find((row) => row.case === storyCase) ?? rows[0];
    const data: DemoData = {
      story: lead === undefined ? null : await story(workspace, lead, context),
      cases: cases(workspace, named),
      k: workspace.manifest.defaults.k,
      planted: clicks.length,
      ...recallByGroup(
        outcomes,
        workspace.settings.groups.map((g) => g.name),
      ),
      next: lead === undefined ? [] : nextSteps(lead),
    };
    return { schema: 'demo', data };
  },
};
