import type { PlatformRow, PlatformList, PlatformsData } from '../../answers/change.ts';
import { attributePlatforms } from '../../engine/platforms.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { modelCan } from '../../console/abilities.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command, CommandContext } from '../../console/command.ts';
import { titledMovement } from '../../domain/movement.ts';
import { queryFromArgs } from '../query/args.ts';
import { runRecall } from '../recall/recall.ts';
import { lacksUser } from '../../console/needs.ts';

const carrier = (names: readonly string[], phi: readonly number[]): string | null => {
  const best = phi.reduce((at, x, i) => (x > (phi[at] ?? 0) ? i : at), 0);
  return (phi[best] ?? 0) > 0 ? (names[best] ?? null) : null;
};

/** The list by the platform that carried each ad, and the list each platform alone would give. Throws `unsupported` without a model. */
export const platformsData = async (
  workspace: Workspace,
  query: RecallQuery,
  context: Pick<CommandContext, 'signal'>,
): Promise<PlatformsData> => {
  const whole = await runRecall(workspace, query, context);
  const rows = whole.data.candidates;
  const { split, phi, approximations } = await attributePlatforms(
    workspace.engine.core,
    whole.result.query,
    rows.map((row) => row.ordinal),
  );
  const names = split.platforms.map((p) => p.platform);
  const candidates = rows.map((row, i): PlatformRow => ({
    ...row,
    carriedBy: carrier(names, phi[i] ?? []),
    phi: phi[i] ?? [],
  }));
  const platforms: PlatformList[] = [];
  for (const { platform, events, query: alone } of split.platforms) {
    const list = await runRecall(workspace, alone, context);
    const { overlap } = titledMovement(rows, list.data.candidates);
    platforms.push({
      platform,
      events,
      carries: candidates.filter((c) => c.carriedBy === platform).length,
      candidates: list.data.candidates,
      overlap,
    });
  }
  return { candidates, platforms, approximations };
};

export const platformsCommand: Command<'platforms'> = {
  id: 'platforms',
  title: 'Split a list by platform',
  doc: 'Splits a list by the platform whose behaviours carry each ad (exact Shapley values over platforms), and shows the list that the behaviours of each platform alone would give.',
  family: 'change',
  needs: 'workspace',
  takesQuery: true,
  when: (facts) => (facts.userId === null ? lacksUser() : modelCan(facts, 'events')),
  args: [{ name: 'user', type: 'user', position: 0, doc: 'The user (default: that of --query).' }],
  examples: ['platforms u-00412'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const data = await platformsData(workspace, query, context);
    return { schema: 'platforms', query, data };
  },
};
