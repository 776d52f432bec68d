import { t, tn } from '../../base/texts.ts';
import type { ArgValues } from '../../console/command.ts';
import type { ParseIssue } from '../../console/issue.ts';
import { parseTyped } from '../../console/prompt-grammar.ts';
import { scriptLines } from '../../console/script-lines.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { PlainError } from '../../errors.ts';
import { nextQuery } from '../../console/next-query.ts';
import { askDetail } from '../ask.ts';
import { adInQuestion } from '../select.ts';
import { writeFile } from '../export.ts';
import { promptCommands, promptTable } from './commands.ts';
import { expanded, withLine } from './history.ts';
import { inputOf } from './input.ts';
import { playFile } from '../player/player.ts';
import type { HostReply } from '../protocol.ts';
import { askInstead, giveUp, runningAs } from '../requests.ts';
import { sessionCommands } from '../player/recording.ts';
import { cover } from '../detail.ts';
import { only, andThen, type AppState, type Step } from '../state.ts';
import { scriptOf, withTyped } from './transcript.ts';

export type LineOutcome =
  { readonly ok: true; readonly step: Step } | { readonly ok: false; readonly issue: ParseIssue };

/** The one recording a line asks to see: several are reported, one is played. */
const playedFile = (command: string, args: ArgValues): string | null => {
  if (command !== 'play' && command !== 'replay') return null;
  const named = args['session'];
  return typeof named === 'string' ? named : Array.isArray(named) && named.length === 1 ? String(named[0]) : null;
};

/** Asks one command; its answer goes to its place on the screen, and into the transcript. */
const ask = (state: AppState, command: string, args: ArgValues, line: string, baseQuery: RecallQuery | null): Step => {
  const slot =
    command === 'recall'
      ? 'typed'
      : command === 'resume'
        ? 'resume'
        : sessionCommands.includes(command)
          ? 'session'
          : 'detail';
  const played = playedFile(command, args);
  if (played !== null) return playFile(state, played);
  const base = slot === 'resume' || (slot === 'typed' && args['user'] !== baseQuery?.userId) ? null : baseQuery;
  const asked =
    slot === 'detail'
      ? askDetail({ ...state, focus: 'detail' }, command, args, { title: `: ${line}`, base })
      : askInstead(state, { slot, command, args, baseQuery: base });
  return andThen(asked, (s) => {
    const id = s.requests.slots[slot]?.id ?? 0;
    return only({
      ...s,
      transcript: withTyped(s.transcript, { id, line, command, args, base, result: null, error: null }),
    });
  });
};

const saved = (state: AppState, file: string, force: boolean): Step =>
  state.transcript.length === 0
    ? only({
        ...state,
        message: { text: t('nothing to save: no command was typed yet'), tone: 'bad' },
      })
    : writeFile(state, file, scriptOf(state), force, t('--force overwrites it'));

const own = (state: AppState, id: string, args: ArgValues): Step => {
  switch (id) {
    case 'history':
      return only(cover(state, { kind: 'history', scroll: 100_000, match: String(args['match'] ?? '') }));
    case 'transcript':
      return only(cover(state, { kind: 'transcript', scroll: 100_000 }));
    case 'save':
      return saved(state, String(args['file']), args['force'] === true);
    default:
      return [{ ...state, exit: 0 }, [{ type: 'exit', code: 0 }]];
  }
};

/** Runs one line on a query, as the prompt and `exec` both read it. */
export const runTyped = (state: AppState, line: string, baseQuery: RecallQuery | null): LineOutcome => {
  const outcome = parseTyped(line === 'q' ? 'quit' : line, promptTable(state.table), {
    userId: baseQuery?.userId ?? state.userId,
    adId: adInQuestion(state),
  });
  if (!outcome.ok) return outcome;
  const { command, args } = outcome.parsed;
  if (command === null) return { ok: true, step: only(state) };
  const noted: Step = [
    { ...state, prompt: null, message: null, history: withLine(state.history, line) },
    [{ type: 'remember', line }],
  ];
  const mine = promptCommands.some((c) => c.id === command.id) && !state.table.some((c) => c.id === command.id);
  return {
    ok: true,
    step: andThen(noted, (s) => (mine ? own(s, command.id, args) : ask(s, command.id, args, line, baseQuery))),
  };
};

/** `!!`, `!12`, `!why`: the earlier line meant, else an issue that says so. */
export const unfolded = (state: AppState, line: string): { readonly line: string } | { readonly issue: ParseIssue } => {
  const earlier = expanded(state.history, line);
  if (earlier === undefined) return { line };
  return earlier === null
    ? {
        issue: {
          message: t('no earlier line for "{typed}"', { typed: line }),
          source: line,
          at: 0,
          length: line.length,
          expected: t('!! for the last line, !N for line N, !word for the last line that begins with word'),
          hint: t('history lists the lines'),
        },
      }
    : { line: earlier };
};

const said = (state: AppState, text: string, tone: 'plain' | 'bad' = 'bad'): AppState => ({
  ...state,
  queue: null,
  message: { text, tone },
});

/** A fault, and how many lines after it are not run. */
const withRest = (fault: string, rest: number): string =>
  rest === 0 ? fault : tn(rest, '{fault}; {n} line not run', '{fault}; {n} lines not run', { fault });

/** The line of the paste whose turn it is. A line that cannot be read stops it, and stands in the prompt with its caret. */
const step = (state: AppState, queue: NonNullable<AppState['queue']>): Step => {
  const { lines, at, base } = queue;
  const line = lines[at];
  if (line === undefined) return only(said(state, tn(lines.length, '{n} line run', '{n} lines run'), 'plain'));
  const outcome = runTyped(state, line.text, base);
  if (!outcome.ok) {
    const { message, expected, hint } = outcome.issue;
    const prompt = {
      kind: 'command' as const,
      input: inputOf(line.text),
      error: {
        ...outcome.issue,
        message: withRest(
          t('line {n} of {total}: {fault}', { n: at + 1, total: lines.length, fault: message }),
          lines.length - at - 1,
        ),
        expected,
        hint,
      },
      picks: [],
      picked: -1,
      recalled: null,
      menu: null,
      search: null,
    };
    return only({ ...state, queue: null, prompt });
  }
  return andThen(outcome.step, (s) => {
    const last = s.transcript.at(-1);
    if (last !== undefined && last !== state.transcript.at(-1)) return only({ ...s, queue: { ...queue, id: last.id } });
    return s.exit !== null ? only(s) : step(s, { ...queue, at: at + 1 });
  });
};

/** Several lines pasted: each runs in turn, as `exec` would run them, and the first that fails stops them. */
export const runLines = (state: AppState, text: string): Step => {
  const lines = scriptLines(text);
  return lines.length === 0
    ? only({ ...state, prompt: null })
    : step({ ...state, prompt: null }, { lines, at: 0, id: 0, base: state.query });
};

/** The line under way was answered: the next, or what stopped it. */
export const continueLines = (state: AppState, reply: HostReply): Step => {
  const { queue } = state;
  if (queue === null || queue.id !== reply.id || reply.type === 'progress') return only(state);
  if (reply.type === 'failed')
    return only(
      said(
        state,
        withRest(
          t('line {n} of {total} failed: {fault}', {
            n: queue.at + 1,
            total: queue.lines.length,
            fault: failure(reply.error),
          }),
          queue.lines.length - queue.at - 1,
        ),
      ),
    );
  return reply.type === 'result'
    ? step(state, { ...queue, at: queue.at + 1, base: nextQuery(queue.base, reply.result) })
    : only(state);
};

const failure = (error: PlainError): string => error.message.split('\n')[0] ?? '';

/** Another question took the place of the line under way: the rest is not run. */
export const settleLines = (state: AppState): AppState => {
  const { queue } = state;
  return queue === null || runningAs(state, queue.id) !== null
    ? state
    : said(
        state,
        withRest(
          t('stopped at line {n} of {total}', { n: queue.at + 1, total: queue.lines.length }),
          queue.lines.length - queue.at - 1,
        ),
      );
};

export const stopLines = (state: AppState): Step =>
  ['detail', 'typed', 'session', 'resume'].reduce<Step>(
    (now, slot) =>
      andThen(now, (s) => (s.queue !== null && s.requests.slots[slot]?.id === s.queue.id ? giveUp(s, slot) : only(s))),
    only(state),
  );
