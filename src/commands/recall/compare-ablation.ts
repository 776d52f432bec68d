import { channelNames, type RecallQuery } from '../../domain/query.ts';
import { sourcesOf } from '../../domain/sources.ts';
import { RecallError } from '../../errors.ts';
import { didYouMean } from '../../base/nearest.ts';

/**
 * The parts that `--without` can remove from this query: its channels if there are several, the feature groups if it
 * asks the model.
 */
export const partsOf = (query: RecallQuery): string[] => {
  const sources = sourcesOf(query).map(({ channel }) => channel);
  return [...(sources.length > 1 ? sources : []), ...(sources.includes('model') ? Object.keys(query.weights) : [])];
};

/**
 * The query without one rule or channel (disabled) or one feature group (weight 0). Throws `usage` for a
 * name that is neither, and for a part that this query does not have: an ablation that cannot change anything.
 */
export const withoutPart = (query: RecallQuery, part: string): RecallQuery => {
  const groups = Object.keys(query.weights);
  const sources = sourcesOf(query).map(({ channel }) => channel);
  const channel = channelNames.find((name) => name === part);
  if (channel !== undefined && sources.includes(channel) && sources.length > 1)
    return { ...query, disabled: [...query.disabled, channel] };
  if (groups.includes(part) && sources.includes('model')) return { ...query, weights: { ...query.weights, [part]: 0 } };
  const parts = partsOf(query);
  const known = channel !== undefined || groups.includes(part);
  const near = didYouMean(part, parts);
  throw new RecallError(
    'usage',
    known ? `mode ${query.mode} has no ${part} to leave out` : `--without cannot be "${part}"`,
    {
      expected: parts.length === 0 ? 'a mode with parts: legacy, model or merged' : `one of ${parts.join(', ')}`,
      ...(near === '' ? {} : { todo: near }),
    },
  );
};
