import type { Result, Schema } from '../../src/answers/answers.ts';

/** An answer with as many of its fields as a test looks at. */
export type PartialAnswer = Omit<Result, 'schema' | 'data'> & { readonly schema: Schema; readonly data: object };

const isResult = (answer: object): answer is Result => 'schema' in answer && 'data' in answer;

/** The answer as the screen gets it from another thread: no compiler has looked at its fields. */
export const asResult = (answer: PartialAnswer): Result => {
  if (!isResult(answer)) throw new Error('an answer has a schema and data');
  return answer;
};
