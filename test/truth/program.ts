import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built program: the adversary knows its command line and its JSON, and nothing of its sources. */
const bin = process.env['RECALL_TUI_BIN'] ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export interface JsonObject {
  readonly [key: string]: Json;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Homes of the program's caches, states and settings: those of the run, never the person's own. */
let home: string | null = null;
export const setHome = (dir: string): void => {
  home = dir;
  mkdirSync(dir, { recursive: true });
};

const envOf = (): NodeJS.ProcessEnv => {
  if (home === null) throw new Error('setHome first');
  const folder = home;
  return {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    TERM: 'dumb',
  };
};

/** Runs the program once. */
export const run = (
  argv: readonly string[],
  options: { readonly cwd?: string; readonly stdin?: string } = {},
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    if (!existsSync(bin)) throw new Error(`${bin} is missing: npm run build first`);
    const child = spawn(process.execPath, [bin, ...argv], { cwd: options.cwd ?? home ?? '.', env: envOf() });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const text = Buffer.concat(err).toString('utf8');
      resolve({
        code: code ?? -1,
        out: Buffer.concat(out).toString('utf8'),
        err: signal === null ? text : `${text}\nkilled by ${signal}`,
      });
    });
    child.stdin.end(options.stdin ?? '');
  });

/** Runs it and expects exit 0, or one of `codes`. */
export const mustRun = async (
  argv: readonly string[],
  options: { readonly cwd?: string; readonly stdin?: string; readonly codes?: readonly number[] } = {},
): Promise<string> => {
  const { code, out, err } = await run(argv, options);
  if (!(options.codes ?? [0]).includes(code))
    throw new Error(`${argv.join(' ')}: exit ${code}\n${err}\n${out.slice(0, 2000)}`);
  return out;
};

const wordOf = (word: string): string => (/^[\w:.,=@/+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export interface Question {
  readonly words: readonly string[];
}

/** One answer: the JSON of the command, or the message of its refusal. */
export type Answer =
  { readonly ok: true; readonly json: JsonObject } | { readonly ok: false; readonly message: string };

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** So many lines are asked by one script at most: its answers are held in memory. */
const mostLines = 2000;

interface Waiting {
  readonly questions: readonly Question[];
  readonly resolve: (answers: Answer[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Questions that wait for the next script, by workspace. */
const waiting = new Map<string, Waiting[]>();
let asking: Promise<void> = Promise.resolve();

/**
 * Asks many questions of one workspace through `exec`, which opens it once. What is asked of a workspace while no script
 * runs goes into the same one, and there is never more than one. A script's lines share their query, so each line starts
 * from `--query {…}` with all that is its own. A line that fails ends the script: it is answered by its message, and the
 * rest is asked by the next script.
 */
export const ask = (dir: string, questions: readonly Question[]): Promise<Answer[]> =>
  new Promise((resolve, reject) => {
    const before = waiting.get(dir);
    const one = { questions, resolve, reject };
    if (before !== undefined) {
      before.push(one);
      return;
    }
    waiting.set(dir, [one]);
    asking = asking.then(async () => {
      await new Promise((next) => setImmediate(next));
      const all = waiting.get(dir) ?? [];
      waiting.delete(dir);
      await askTogether(dir, all);
    });
  });

/** Lists of the workspace asked last: ads of one user are checked by the same ones. A world does not change once made. */
const known = { dir: '', answers: new Map<string, Answer>() };
const mostKnown = 6000;

const keyOf = ({ words }: Question): string => words.join('\u0000');

const askTogether = async (dir: string, all: readonly Waiting[]): Promise<void> => {
  if (known.dir !== dir || known.answers.size > mostKnown) {
    known.dir = dir;
    known.answers.clear();
  }
  try {
    const asked = new Map(all.flatMap(({ questions }) => questions.map((one) => [keyOf(one), one] as const)));
    const fresh = [...asked].filter(([key]) => !known.answers.has(key));
    const answers = await askInTurn(
      dir,
      fresh.map(([, question]) => question),
    );
    const now = new Map(fresh.map(([key], i) => [key, answers[i]]));
    const answerTo = (question: Question): Answer => {
      const answer = now.get(keyOf(question)) ?? known.answers.get(keyOf(question));
      if (answer === undefined) throw new Error(`not answered: ${question.words.join(' ')}`);
      return answer;
    };
    for (const { questions, resolve } of all) resolve(questions.map(answerTo));
    for (const [key, { words }] of fresh) {
      const answer = now.get(key);
      if (words[0] === 'recall' && answer !== undefined) known.answers.set(key, answer);
    }
  } catch (error) {
    for (const { reject } of all) reject(error);
  }
};

const askInTurn = async (dir: string, questions: readonly Question[]): Promise<Answer[]> => {
  const answers: Answer[] = [];
  while (answers.length < questions.length) {
    const rest = questions.slice(answers.length, answers.length + mostLines);
    const script = rest.map(({ words }) => words.map(wordOf).join(' ')).join('\n');
    const { code, out, err } = await run(['-w', dir, 'exec', '-'], { stdin: `${script}\n` });
    const lines = out.split('\n').filter((line) => line.startsWith('{'));
    for (const line of lines) {
      answers.push({ ok: true, json: parseJson(line) });
    }
    if (lines.length === rest.length) continue;
    if (code !== 2)
      throw new Error(
        `exec ended with exit ${code} after ${lines.length} of ${rest.length} lines: ${err.slice(0, 2000)}\nnext: ${wordOf((rest[lines.length] ?? { words: [] }).words.join(' '))}`,
      );
    answers.push({ ok: false, message: err.trim().slice(0, 1000) });
  }
  return answers;
};

/** A text that is one JSON object. */
export const parseJson = (words: string): JsonObject => {
  const json: unknown = JSON.parse(words);
  if (!isObject(json)) throw new Error(`not an object: ${words.slice(0, 200)}`);
  return json;
};

// Readers of JSON: a field of another type than promised is a finding in itself.
const wrong = (json: JsonObject, key: string, type: string): never => {
  throw new Error(`${String(json['schema'])}: ${key} is not ${type}: ${JSON.stringify(json[key])?.slice(0, 200)}`);
};
export const object = (json: JsonObject, key: string): JsonObject => {
  const value = json[key];
  return isObject(value) ? value : wrong(json, key, 'an object');
};
export const objectOrNull = (json: JsonObject, key: string): JsonObject | null =>
  json[key] === null || json[key] === undefined ? null : object(json, key);
export const list = (json: JsonObject, key: string): readonly JsonObject[] => {
  const value = json[key];
  return Array.isArray(value) && value.every(isObject) ? value : wrong(json, key, 'a list of objects');
};
export const texts = (json: JsonObject, key: string): readonly string[] => {
  const value = json[key];
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
    ? value
    : wrong(json, key, 'a list of texts');
};
export const numbers = (json: JsonObject, key: string): readonly number[] => {
  const value = json[key];
  return Array.isArray(value) && value.every((one) => typeof one === 'number')
    ? value
    : wrong(json, key, 'a list of numbers');
};
export const text = (json: JsonObject, key: string): string => {
  const value = json[key];
  return typeof value === 'string' ? value : wrong(json, key, 'a text');
};
export const number = (json: JsonObject, key: string): number => {
  const value = json[key];
  return typeof value === 'number' ? value : wrong(json, key, 'a number');
};
export const numberOrNull = (json: JsonObject, key: string): number | null =>
  json[key] === null || json[key] === undefined ? null : number(json, key);
