import { RecallError } from '../../errors.ts';
import { claimWords } from '../../session/claim.ts';
import type { ExpectSpec } from '../../console/session-control.ts';
import { numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command } from '../../console/command.ts';
import { currentSession } from './note.ts';

const kinds = ['ids', 'set', 'rbo', 'scores', 'verdict', 'present', 'absent', 'top-group', 'against'] as const;

const numberIn = (args: ArgValues, kind: string, fallback: number): number => {
  const text = textArg(args, 'value');
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new RecallError('usage', `expect ${kind} needs a number`, { found: JSON.stringify(text) });
  return value;
};

const adIn = (args: ArgValues, kind: string): string =>
  textArg(args, 'value') ??
  ((): never => {
    throw new RecallError('usage', `expect ${kind} needs an ad`, { expected: `expect ${kind} AD` });
  })();

const optional = <K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } => {
  const out: { [key in K]?: V } = {};
  if (value !== undefined) out[name] = value;
  return out;
};

export const expectSpecOf = (args: ArgValues): ExpectSpec => {
  const kind = kinds.find((one) => one === textArg(args, 'kind'));
  switch (kind) {
    case undefined:
      throw new RecallError('usage', 'expect needs a kind', {
        expected: `one of ${kinds.join(', ')}`,
        todo: 'expect present AD, for example',
      });
    case 'ids':
    case 'set':
    case 'verdict':
      return { kind };
    case 'top-group':
      return { kind: 'topGroup' };
    case 'rbo':
      return { kind, atLeast: numberIn(args, kind, 0.9) };
    case 'scores':
      return { kind, tolerance: numberIn(args, kind, 1e-4), ...optional('adId', textArg(args, 'ad')) };
    case 'present':
      return { kind, adId: adIn(args, kind), ...optional('rank', numberArg(args, 'rank')) };
    case 'absent':
      return { kind, adId: adIn(args, kind) };
    case 'against':
      return {
        kind,
        step: numberIn(args, kind, 1),
        ...optional('atLeast', numberArg(args, 'at-least')),
        ...optional('atMost', numberArg(args, 'at-most')),
        ...optional('rises', textArg(args, 'rises')),
        ...optional('falls', textArg(args, 'falls')),
      };
  }
};

export const expectCommand: Command<'expect'> = {
  id: 'expect',
  title: 'Pin what the last answer must say',
  doc: "Adds an expectation about the last answer of the session being recorded, checked at every replay: the exact ids, the set, an RBO of at least x with this list, scores ± a tolerance, the verdict, an ad's presence or rank, its absence, the strongest group of an explanation, or a comparison with the list of an earlier step. An expectation that the answer does not meet now is refused.",
  family: 'session',
  needs: 'nothing',
  args: [
    { name: 'kind', type: 'choice', choices: kinds, position: 0, required: true, doc: 'Kind of expectation.' },
    {
      name: 'value',
      type: 'string',
      position: 1,
      doc: 'rbo: the bound (0.9). scores: the tolerance (1e-4). present, absent: the ad. against: the earlier step.',
    },
    { name: 'rank', type: 'int', doc: 'present: at this rank or better.' },
    { name: 'ad', type: 'ad', doc: 'scores: of this ad only.' },
    { name: 'at-least', type: 'number', doc: 'against: RBO of the two lists at least this.' },
    { name: 'at-most', type: 'number', doc: 'against: RBO of the two lists at most this.' },
    { name: 'rises', type: 'ad', doc: 'against: this ad stands higher than there.' },
    { name: 'falls', type: 'ad', doc: 'against: this ad stands lower than there, or is gone.' },
  ],
  examples: [
    'expect rbo 0.95',
    'expect present ad-05313 --rank 10',
    'expect verdict',
    'expect against 1 --rises ad-05313',
  ],
  run: async (context, args) => {
    const session = currentSession(context);
    const spec = expectSpecOf(args);
    return {
      schema: 'expect',
      data: { step: await session.expect(spec), expected: spec.kind, claim: claimWords(spec), session: session.path() },
    };
  },
};
