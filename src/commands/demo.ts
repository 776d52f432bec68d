import type { Workspace } from '../workspace/workspace.ts';
import type { Command, CommandContext } from './command.ts';
import { readPlanted, type PlantedRow } from './planted-file.ts';
import { groupsByPhi, plantedQuery, recallByGroup, runPlanted, type GroupRecall, type PlantedOutcome } from './planted-recall.ts';
import { runRecall } from './recall.ts';

/** An ad as the report names it. */
export interface DemoAd {
  readonly rank: number;
  readonly adId: string;
  readonly title: string;
  readonly score: number;
  readonly channels: readonly string[];
  readonly engaged: boolean;
}

/** One named case: what was planted, and where each list has it. */
export interface DemoCase {
  readonly case: string;
  readonly userId: string;
  readonly adId: string;
  readonly title: string;
  readonly planted: string | null;
  readonly ranks: PlantedOutcome['ranks'];
  /** The group with the largest φ; null when the model does not recall the ad. */
  readonly carriedBy: string | null;
}

export interface DemoData {
  readonly story: {
    readonly userId: string;
    readonly asOf: number;
    readonly model: readonly DemoAd[];
    readonly legacy: readonly DemoAd[];
    /** Of the first ad of the model's list: its groups, strongest first. */
    readonly carriedBy: readonly { readonly group: string; readonly phi: number }[];
  };
  readonly cases: readonly DemoCase[];
  /** Recall at k of the ads really clicked, by the group each click was planted on. */
  readonly k: number;
  readonly byGroup: readonly GroupRecall[];
  readonly overall: GroupRecall;
  readonly next: readonly string[];
}

const storyCase = 'smart-speaker';
const shown = 5;

const story = async (workspace: Workspace, row: PlantedRow, context: CommandContext): Promise<DemoData['story']> => {
  const query = plantedQuery(workspace, row);
  const top = async (mode: 'model' | 'legacy'): Promise<DemoAd[]> => {
    const { data } = await runRecall(workspace, { ...query, mode }, context);
    return data.candidates.slice(0, shown).map(({ rank, adId, title, score, channels, engaged }) => ({ rank, adId, title, score, channels: channels.map((c) => c.channel), engaged }));
  };
  const model = await top('model');
  const first = model[0];
  return {
    userId: row.userId, asOf: row.asOf, model, legacy: await top('legacy'),
    carriedBy: first === undefined ? [] : await groupsByPhi(workspace, query, first.adId),
  };
};

const cases = (workspace: Workspace, outcomes: readonly PlantedOutcome[]): DemoCase[] => outcomes.map(({ row, adId, ranks, groups }) => {
  const ordinal = workspace.catalog.ordinalOf(adId);
  const [ad] = ordinal === null ? [] : workspace.catalog.ads([ordinal]);
  return { case: row.case, userId: row.userId, adId, title: ad?.title ?? '', planted: row.group, ranks, carriedBy: groups[0]?.group ?? null };
});

const nextSteps = (row: PlantedRow): string[] => [
  `recall-tui recall ${row.userId}`,
  `recall-tui explain ${row.userId} ${row.adId}`,
  `recall-tui why-not ${row.userId} ${row.adId} --mode legacy`,
  `recall-tui recall ${row.userId} --weight browse=0`,
  'recall-tui users',
  'recall-tui commands',
];

export const demoCommand: Command = {
  id: 'demo',
  title: 'Demo',
  doc: 'The bundled demo world: what model and legacy rules recall for one user, each named case, and recall of the really clicked ads by the group their click was planted on. At a terminal it opens the demo instead.',
  family: 'start',
  args: [],
  needs: 'workspace',
  examples: ['demo', 'demo --json'],
  run: async (context) => {
    const workspace = await context.workspace();
    const rows = await readPlanted(workspace);
    const outcomes = await runPlanted(workspace, rows.filter((row) => row.verdict === undefined), context);
    const planted = outcomes.filter(({ row }) => row.case === 'planted');
    const named = outcomes.filter(({ row }) => row.case !== 'planted');
    const lead = rows.find((row) => row.case === storyCase) ?? rows[0];
    const data = {
      story: lead === undefined ? null : await story(workspace, lead, context),
      cases: cases(workspace, named),
      k: workspace.manifest.defaults.k,
      ...recallByGroup(planted, workspace.settings.groups.map((g) => g.name)),
      next: lead === undefined ? [] : nextSteps(lead),
    };
    return { schema: 'demo', data };
  },
};
