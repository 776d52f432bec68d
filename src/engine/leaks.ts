import { channelNames } from '../domain/channels.ts';
import type { RecallQuery } from '../domain/query.ts';
import { channels } from './channels/index.ts';
import type { ChannelRun, EngineCore } from './core.ts';

/** Artefacts that took part and were built on data at or after as-of: they have seen the future. */
export const findLeaks = (
  core: EngineCore,
  { asOf }: RecallQuery,
  runs: readonly ChannelRun[],
  modelBuiltUntil: number | null,
): string[] => {
  const artefacts = { model: modelBuiltUntil, i2i: core.deps.i2i?.builtUntil ?? null };
  return channelNames.flatMap((channel) => {
    const until = channels[channel].builtUntil?.(artefacts) ?? null;
    const used = runs.some((run) => run.channel === channel && run.silent === null);
    return used && until !== null && asOf < until
      ? [`${channel}: built on data until ${iso(until)}, as-of is ${iso(asOf)}`]
      : [];
  });
};

const iso = (ms: number): string => new Date(ms).toISOString();
