import type { Ran } from '../support/real-cli.ts';
import type { Ask } from './targets.ts';

/** What a question to the program came to. */
export interface Answered {
  readonly ask: Ask;
  readonly ran: Ran;
}

export interface Expected {
  /** The list must not be given. */
  readonly mustRefuse: boolean;
  /** Ads that there are; null: the sample itself was changed. */
  readonly adIds: ReadonlySet<string> | null;
}

const firstLines = (text: string): string => text.split('\n').slice(0, 6).join(' | ').slice(0, 700);

/** Every line of a message begins so (a faulty command line and its caret by blanks): none begins with what an id or a file holds. */
const messageLine = /^(?:recall-tui: | {2}expected: | {2}found: {4}| {2}to do: {4}|note: | {4}\s*\S)/;
/** C0 and C1 but for the end of a line. */
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
const longest = 2000;

/** A message is plain lines, each known by its beginning; a bug and its stack are never among them. */
const wrongMessage = ({ code, out, err }: Ran): string | null => {
  if (code === 70) return `internal error: ${firstLines(err)}`;
  if (![0, 1, 2].includes(code)) return `exit ${code}: ${firstLines(err)}`;
  if (/\n\s+at .*:\d+:\d+/.test(err)) return `a stack in a message: ${firstLines(err)}`;
  if (control.test(err)) return `a control character in a message: ${JSON.stringify(firstLines(err))}`;
  const lines = err.split('\n').slice(0, -1);
  const stray = lines.find((line) => !messageLine.test(line));
  if (stray !== undefined)
    return `a line of its own in a message: ${JSON.stringify(stray.slice(0, 200))} of ${firstLines(err)}`;
  const long = lines.find((line) => line.length > longest);
  if (long !== undefined) return `a line of ${long.length} characters in a message: ${long.slice(0, 160)}`;
  return code === 2 && err === '' && out === '' ? 'exit 2 without a word' : null;
};

/** Plain output of a table: nothing in it acts on a terminal or commands a build server. */
const wrongText = ({ code, out }: Ran): string | null => {
  if (code !== 0) return null;
  if (control.test(out)) return 'a control character in the output';
  return /^\s*(?:::|##\[)/m.test(out) ? 'a line of the output commands a build server' : null;
};

interface Candidate {
  readonly rank: number;
  readonly adId: string;
  readonly score: number;
  readonly modelScore: number | null;
}

/** The scores of a list are finite, its ads there and unique, its order that of the scores. */
const wrongList = (out: string, { adIds }: Expected): string | null => {
  const { candidates, query } = JSON.parse(out) as { candidates: Candidate[]; query: { mode: string } };
  const seen = new Set<string>();
  for (const [i, { rank, adId, score, modelScore }] of candidates.entries()) {
    if (rank !== i + 1) return `rank ${rank} in place ${i + 1}`;
    if (seen.has(adId)) return `${adId} twice`;
    seen.add(adId);
    if (adIds !== null && !adIds.has(adId)) return `${adId} is no ad of the sample`;
    if (typeof score !== 'number' || !Number.isFinite(score)) return `the score ${String(score)} of ${adId}`;
    if (modelScore !== null && !Number.isFinite(modelScore)) return `the model score ${String(modelScore)} of ${adId}`;
    const before = candidates[i - 1];
    if (before === undefined || (query.mode !== 'model' && query.mode !== 'i2i')) continue;
    if (before.score < score) return `${adId} (${score}) after ${before.adId} (${before.score})`;
    if (before.score === score && before.adId > adId) return `the tie of ${before.adId} and ${adId}`;
  }
  return null;
};

const isList = ({ argv }: Ask): boolean => argv[0] === 'recall' && argv.includes('--json');

export const wrongAnswer = ({ ask, ran }: Answered, expected: Expected): string | null => {
  const message = wrongMessage(ran);
  if (message !== null) return message;
  if (!ask.argv.includes('--json')) return wrongText(ran);
  if (ran.code !== 0) return null;
  if (ask.role === 'list' && expected.mustRefuse) return 'silent: an answer from a file that is broken';
  return isList(ask) ? wrongList(ran.out, expected) : null;
};

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
}

/** What doctor finds and recall need not: quality, and what is only counted. */
const ofQuality =
  /^(?:index rows|recall@10|unreachable ads|normalised|event times|rows of .*|deleted nodes|index labels|user ids|user vectors|rules file|presets|key for sessions|serving log|planted clicks|ad ids|sample contents|cells of users and ads|index header)$/;
/** Rows of a team's file that are kept are counted again: another number is worth knowing. */
const ofCounts = /^\d+ users, \d+ ads, \d+ events$/;
/** Refusals of the question, not of the workspace. */
const ofTheUser =
  /no user |has no vector|holds no vector|vanishes|has no direction|not a number|no ad |is not finite|reveal/;

/** Doctor calls sound what opens, and only that. */
export const disagreement = (answers: readonly Answered[]): string | null => {
  const doctor = answers.find(({ ask }) => ask.role === 'doctor')?.ran;
  const list = answers.find(({ ask }) => ask.role === 'list')?.ran;
  if (doctor === undefined || list === undefined) return null;
  if (doctor.code === 0 && list.code === 2 && !ofTheUser.test(list.err.split('\n', 1)[0] ?? ''))
    return `doctor says sound, the question is refused: ${firstLines(list.err)}`;
  if (doctor.code === 0 || list.code !== 0) return null;
  if (doctor.code === 2) return `doctor refuses, the question is answered: ${firstLines(doctor.err)}`;
  const { checks } = JSON.parse(doctor.out) as { checks: readonly Check[] };
  const hard = checks.filter(
    ({ ok, name, found }) => !ok && !ofQuality.test(name) && !(name === 'sample' && ofCounts.test(found)),
  );
  const [first] = hard;
  return first === undefined
    ? null
    : `doctor fails on ${first.name} (${first.found.slice(0, 300)}), the question is answered`;
};
