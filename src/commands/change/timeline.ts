import type { TimelineData } from '../../answers/change.ts';
import type { CalendarEntry } from '../../domain/inputs.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import { ordinalOfAd } from '../../engine/explain/vectors.ts';
import { timeline } from '../../engine/timeline.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command } from '../../console/command.ts';
import { parseDuration } from '../../base/duration.ts';
import { queryFromArgs } from '../query/args.ts';
import { titlesOf } from '../../engine/titles.ts';
import { lacksAd, lacksUser } from '../../console/needs.ts';

const hour = 3_600_000;
const niceSteps = [60_000, 300_000, 900_000, 1_800_000, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, 24 * hour];
const wantedPoints = 60;

/** The calendar's span around as-of, else the day that ends with it. */
const defaultWindow = (calendar: readonly CalendarEntry[], asOf: number): { from: number; to: number } => {
  const around = calendar.find((entry) => entry.from <= asOf && asOf < entry.until);
  return around === undefined ? { from: asOf - 24 * hour, to: asOf } : { from: around.from, to: around.until };
};

const niceStep = (span: number): number =>
  niceSteps.find((step) => span / step <= wantedPoints) ?? 24 * hour * Math.ceil(span / (24 * hour) / wantedPoints);

const stepOf = (text: string | undefined, span: number): number => {
  if (text === undefined) return niceStep(span);
  const ms = parseDuration(text);
  if (ms === null)
    throw new RecallError('usage', `--step cannot be "${text}"`, { expected: 'a duration like 15min, 1h, 1d' });
  return ms;
};

const windowOf = (
  workspace: Workspace,
  query: RecallQuery,
  args: ArgValues,
): { from: number; to: number; stepMs: number } => {
  const usual = defaultWindow(workspace.settings.calendar ?? [], query.asOf);
  const from = numberArg(args, 'from') ?? usual.from;
  const to = numberArg(args, 'to') ?? Math.max(from, usual.to);
  return { from, to, stepMs: stepOf(textArg(args, 'step'), to - from) };
};

export const timelineCommand: Command<'timeline'> = {
  id: 'timeline',
  title: 'Follow an ad over time',
  doc: 'Follows one ad for one user through a promotion: at each step, at as-of, after each behaviour of the user (of more than 200 in the window, after 200 of them) and at the edges of promotions and of the ad’s dates the rank in the list, the exact rank, the score and the group that carries it, all as of that instant, and the minute at which the ad enters or leaves the list.',
  family: 'change',
  needs: 'workspace',
  takesQuery: true,
  keys: ['T'],
  when: ({ userId, adId }) => (userId === null ? lacksUser() : adId !== null || lacksAd()),
  args: [
    { name: 'user', type: 'user', position: 0, required: true, doc: 'The user.' },
    { name: 'ad', type: 'ad', position: 1, required: true, doc: 'The ad.' },
    {
      name: 'from',
      type: 'time',
      doc: 'First instant (default: the start of the promotion around as-of, else a day before).',
    },
    { name: 'to', type: 'time', doc: 'Last instant (default: the end of that promotion, else as-of).' },
    { name: 'step', type: 'string', doc: 'Time between two instants: 15min, 1h, 1d (default: about 60 steps).' },
  ],
  examples: ['timeline u-promo-night ad-06892 --from 2025-06-18T00:00 --to 2025-06-18T16:00 --step 1h'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const adId = textArg(args, 'ad') ?? '';
    ordinalOfAd(workspace, adId);
    const found = await timeline(workspace.engine, query, adId, {
      ...windowOf(workspace, query, args),
      signal: context.signal,
      onProgress: (done, total) => {
        context.progress({ stage: 'instants', done, total });
      },
    });
    const data: TimelineData = {
      ...found,
      title: titlesOf(workspace.catalog, [adId]).get(adId) ?? '',
      asOf: query.asOf,
      k: query.k,
      tzOffsetMinutes: workspace.settings.tzOffsetMinutes,
    };
    return { schema: 'timeline', query, data };
  },
};
