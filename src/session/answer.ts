import { z } from 'zod';
import type { CommandResult } from '../console/command.ts';
import type { Answer, AnswerList } from './format.ts';
import { canonicalJson } from './query-digest.ts';
import type { Vault } from './vault.ts';

const rows = z.array(z.object({ adId: z.string(), score: z.number(), via: z.string() }));
const recallShape = z.object({ candidates: rows });
const compareShape = z.object({ a: rows, b: rows });
const whyNotShape = z.object({ verdict: z.string(), rank: z.number().nullable(), channel: z.string().nullable() });
const explainShape = z.object({
  score: z.number(),
  baseline: z.number(),
  headline: z.object({ group: z.string().nullable() }),
});

/** Seven decimals: below float32's own noise on unit vectors, a third of the bytes. */
const rounded = (x: number): number => Math.round(x * 1e7) / 1e7;

const listOf = (candidates: z.infer<typeof rows>): AnswerList => {
  const via = candidates.map((row) => row.via);
  const first = via[0];
  return {
    ids: candidates.map((row) => row.adId),
    scores: candidates.map((row) => rounded(row.score)),
    via: first !== undefined && via.every((channel) => channel === first) ? first : via,
  };
};

/** The compact answer of a result: no title, no attribute, no id of a user or an event. */
export const answerOf = (result: Pick<CommandResult, 'schema' | 'data'>, vault: Vault): Answer => {
  const { schema, data } = result;
  switch (schema) {
    case 'recall':
      return { kind: 'list', ...listOf(recallShape.parse(data).candidates) };
    case 'compare': {
      const { a, b } = compareShape.parse(data);
      return { kind: 'lists', a: listOf(a), b: listOf(b) };
    }
    case 'why-not':
      return { kind: 'verdict', ...whyNotShape.parse(data) };
    case 'explain': {
      const { score, baseline, headline } = explainShape.parse(data);
      return { kind: 'explanation', score: rounded(score), baseline: rounded(baseline), topGroup: headline.group };
    }
    default:
      return { kind: 'other', digest: vault.digest(canonicalJson(stable(data))) };
  }
};

/** Numbers to five decimals and no timings: what two runs of the same question share. */
const stable = (value: unknown): unknown => {
  if (typeof value === 'number') return Math.round(value * 1e5) / 1e5;
  if (Array.isArray(value)) return value.map(stable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'timingsMs')
      .map(([key, item]) => [key, stable(item)]),
  );
};

/** The list that expectations speak of: of a comparison, the second. */
export const mainList = (answer: Answer): AnswerList | null => {
  if (answer.kind === 'list') return answer;
  return answer.kind === 'lists' ? answer.b : null;
};
