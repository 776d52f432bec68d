import { parseJson } from '../base/json.ts';
import { readRegularSync } from '../base/regular-file.ts';
import { mainList } from './answer.ts';
import { stepSchema, type Answer, type AnswerList } from './format.ts';

/** So many lists are at hand. An hour of keys has thousands of steps, and hardly ever one is held against an old one. */
const keptLists = 32;

/** The lists of a recording's steps, which later ones may be held against: the newest in memory, the others in its file. */
export interface StepLists {
  readonly add: (step: number, answer: Answer | undefined) => void;
  readonly at: (step: number) => AnswerList | null;
}

const listOf = (answer: Answer | undefined): AnswerList | null => (answer === undefined ? null : mainList(answer));

/** A step as it stands in the file; null: it has no list, or is not there. */
const listInFile = (path: string, step: number): AnswerList | null => {
  const named = new RegExp(`"step":\\s*${step}\\b`);
  for (const line of readRegularSync(path).toString('utf8').split('\n')) {
    const read = named.test(line) ? stepSchema.safeParse(parseJson(line)) : null;
    if (read?.success === true && read.data.step === step) return listOf(read.data.observed);
  }
  return null;
};

export const stepLists = (path: string): StepLists => {
  const newest = new Map<number, AnswerList | null>();
  return {
    add: (step, answer) => {
      newest.set(step, listOf(answer));
      for (const oldest of newest.keys()) {
        if (newest.size <= keptLists) break;
        newest.delete(oldest);
      }
    },
    at: (step) => {
      const known = newest.get(step);
      return known === undefined ? listInFile(path, step) : known;
    },
  };
};
