import { asResult, type PartialAnswer } from './partial-answer.ts';
import { commands } from '../../src/commands/registry.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import type { AppState, Effect, Msg } from '../../src/state/state.ts';
import { update } from '../../src/state/update.ts';
import type { Answer } from './fake-host.ts';
import { info, smallWorld } from './small-world.ts';

const day = 86_400_000;

/** The as-of a step leads to in a world with a behaviour every hour. */
const scrubbed = (query: RecallQuery, step: unknown): PartialAnswer => {
  const by =
    { 'next-event': 3_600_000, 'previous-event': -3_600_000, 'next-day': day, 'previous-day': -day }[String(step)] ?? 0;
  const asOf = query.asOf + by;
  return { schema: 'scrub', query: { ...query, asOf }, data: { step, stop: { asOf, event: null }, asOf } };
};

/** The small world's answers, with as-of, context and behaviours telling in the list, and steps in time. */
export const movingWorld: Answer = (command, args, baseQuery) => {
  if (command === 'scrub' && baseQuery !== null) return scrubbed(baseQuery, args['step']);
  const answer = smallWorld(command, args, baseQuery);
  const query = 'schema' in answer ? answer.query : undefined;
  if (!('schema' in answer) || query === undefined || command !== 'recall') return answer;
  const turn =
    JSON.stringify([query.asOf, query.context, query.excludedEvents, query.extraEvents, query.rules.quota, query.merge])
      .length +
    ((query.asOf / 3_600_000) % 97);
  const candidates = 'candidates' in answer.data ? answer.data.candidates : [];
  const list: readonly unknown[] = Array.isArray(candidates) ? candidates : [];
  const at = Math.floor(turn) % Math.max(1, list.length);
  return { ...answer, data: { ...answer.data, candidates: [...list.slice(at), ...list.slice(0, at)] } };
};

type Call = Extract<Effect, { type: 'call' }>;

const replyTo = (call: Call): Msg => {
  const answer = movingWorld(call.command, call.args, call.baseQuery);
  return 'schema' in answer
    ? { type: 'reply', reply: { type: 'result', id: call.id, result: asResult(answer), backend: 'wasm' } }
    : { type: 'reply', reply: { type: 'failed', id: call.id, error: answer } };
};

const settle = (state: AppState, effects: readonly Effect[]): AppState => {
  let [now, rest] = [state, [...effects]];
  for (let effect = rest.shift(); effect !== undefined; effect = rest.shift()) {
    const msg: Msg | null =
      effect.type === 'open'
        ? { type: 'reply', reply: { type: 'opened', id: effect.id, workspace: info } }
        : effect.type === 'call'
          ? replyTo(effect)
          : null;
    if (msg === null) continue;
    const [next, more] = update(now, msg);
    [now, rest] = [next, [...rest, ...more]];
  }
  return now;
};

/** The program without terminal and thread: each key, then every answer it and the answers ask for. */
export const drive = (state: AppState, ...steps: ReadonlyArray<Msg | string>): AppState =>
  steps.reduce<AppState>(
    (now, step) =>
      settle(
        ...update(
          now,
          typeof step === 'string' ? { type: 'key', key: step, text: [...step].length === 1 ? step : '' } : step,
        ),
      ),
    state.table.length === 0 ? update(state, { type: 'table', table: commands })[0] : state,
  );
