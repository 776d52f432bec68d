import { canonicalJson } from '../base/json.ts';
import type { Result } from '../answers/answers.ts';
import type { Candidate } from '../domain/result.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { Answer, AnswerList } from './format.ts';
import type { Vault } from './vault.ts';

/** The part of a list's row that is judged. */
export type JudgedRow = Pick<Candidate, 'adId' | 'score' | 'via'>;

/** The part of an answer that a session judges: of lists, their rows. A whole answer is one too. */
export type Judged =
  | {
      readonly schema: 'recall';
      readonly query?: RecallQuery;
      readonly data: { readonly candidates: readonly JudgedRow[] };
    }
  | {
      readonly schema: 'compare';
      readonly query?: RecallQuery;
      readonly data: {
        readonly a: readonly JudgedRow[];
        readonly b: readonly JudgedRow[];
        readonly queries?: { readonly a: RecallQuery };
      };
    }
  | Exclude<Result, { readonly schema: 'recall' | 'compare' }>;

/** Seven decimals: below float32's own noise on unit vectors, a third of the bytes. */
const rounded = (x: number): number => Math.round(x * 1e7) / 1e7;

const listOf = (rows: readonly JudgedRow[]): AnswerList => {
  const via = rows.map((row) => row.via);
  const [first] = via;
  return {
    ids: rows.map((row) => row.adId),
    scores: rows.map((row) => rounded(row.score)),
    via: first !== undefined && via.every((channel) => channel === first) ? first : via,
  };
};

/** The compact answer of a result: no title, no attribute, no id of a user or an event. */
export const answerOf = (result: Judged, vault: Vault): Answer => {
  switch (result.schema) {
    case 'recall':
      return { kind: 'list', ...listOf(result.data.candidates) };
    case 'compare':
      return { kind: 'lists', a: listOf(result.data.a), b: listOf(result.data.b) };
    case 'why-not': {
      const { verdict, rank, channel } = result.data;
      return { kind: 'verdict', verdict, rank, channel };
    }
    case 'explain': {
      const { score, baseline, headline } = result.data;
      return { kind: 'explanation', score: rounded(score), baseline: rounded(baseline), topGroup: headline.group };
    }
    default:
      return { kind: 'other', digest: vault.digest(canonicalJson(stable(result.data))) };
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
