import { channelNames, modes } from '../domain/query.ts';
import { dropReasons } from '../domain/eligibility.ts';
import { nearness } from '../domain/verdict.ts';

const kinds = 'view click search cart favourite purchase share buy order';
const groups = 'browse search purchase social context trend';
const verdicts = 'recalled unknown-ad ineligible merged-out deleted no-model as-is';
/** What the sentences of answers are made of. */
const sentence = `
a ad ads all and any are as at be below but by campaign category channel command cutoff each event events exact fail
failed first for from good group has in index is it its last less list model more most no none not of off ok on one or
other out over pass path query quota rank rule same score seed show sort step text than that the then this time title to
under unknown user users value was weight which with without word yes`;

const spoken: ReadonlySet<string> = new Set([
  ...channelNames,
  ...modes,
  ...nearness,
  ...dropReasons,
  ...`${kinds} ${groups} ${verdicts} ${sentence}`.split(/\s+/u),
]);

/** A word of the program's own answers: a search that has it as its text cannot be recognised there. */
export const isCommonWord = (text: string): boolean => spoken.has(text.toLowerCase());
