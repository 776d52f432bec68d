import type { ResultOf } from '../../answers/answers.ts';
import type { Decision, StepOutcome } from '../../answers/session.ts';
import type { Session } from '../../session/format.ts';
import { RecallError } from '../../errors.ts';
import { holdToRewrite, type HeldSession } from '../../session/hold.ts';
import { readSession, type ReadSession } from '../../session/read.ts';
import { replaySession } from '../../session/replay.ts';
import type { ReplayOptions } from '../../session/judge.ts';
import { adoptArtefacts, applyReview, pending } from '../../session/review.ts';
import { toolName } from '../../session/tool.ts';
import { listArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { askDecisions } from './review-dialogue.ts';
import { prepareReplay, lastSessionArg, recordedArg, sessionPath, type Table } from './tools.ts';

const inCi = (env: CommandContext['env']): boolean =>
  (env['CI'] ?? '') !== '' && env['CI'] !== 'false' && env['CI'] !== '0';

const stepsNamed = (values: readonly string[], verb: string, open: readonly StepOutcome[]): number[] =>
  values.flatMap((value) => {
    if (value === 'all') return open.map(({ step }) => step);
    if (!/^\d+$/.test(value))
      throw new RecallError('usage', `--${verb} cannot be ${JSON.stringify(value)}`, {
        expected: "a step's number, or all",
      });
    return [Number(value)];
  });

const decisionsFrom = (args: ArgValues, open: readonly StepOutcome[]): Decision[] => {
  const [accepted, rejected] = [
    stepsNamed(listArg(args, 'accept'), 'accept', open),
    stepsNamed(listArg(args, 'reject'), 'reject', open),
  ];
  const why = textArg(args, 'why') ?? '';
  if (accepted.length > 0 && why === '')
    throw new RecallError('usage', '--accept needs a reason', {
      expected: '--why TEXT',
      todo: 'add --why "the reason"; it is written into the session',
    });
  return [
    ...accepted.filter((step) => !rejected.includes(step)).map((step): Decision => ({ step, verb: 'accept', why })),
    ...rejected.map((step): Decision => ({ step, verb: 'reject', why })),
  ];
};

/** Writes the decided session; where nothing fails or differs any more it becomes one of the present artefacts. */
const save = async (held: HeldSession, session: Session, options: ReplayOptions): Promise<void> => {
  const after = await replaySession(session, { ...options, cause: false });
  const settled =
    after.failed === 0 && after.changed === 0 && after.differing.length > 0
      ? adoptArtefacts(session, options.workspace, toolName())
      : session;
  await held.rewrite(settled);
};

export const reviewCommand = (table: Table): Command<'review'> => ({
  id: 'review',
  title: 'Accept or reject what differs',
  doc: 'Shows the expected and the present answer of each step that differs, to accept or reject. Accepting makes the present answer the expected one and keeps the former expectation in the session, with the time and the reason. In CI nothing is ever written. Exit 1 while a step is undecided.',
  family: 'session',
  needs: 'workspace',
  args: [
    lastSessionArg,
    {
      name: 'accept',
      type: 'string',
      repeat: true,
      doc: "Accept this step's present answer; all accepts every divergence.",
    },
    {
      name: 'reject',
      type: 'string',
      repeat: true,
      doc: 'Keep the expectation of this step, and note that the divergence is a regression.',
    },
    { name: 'why', type: 'string', personal: 'words', doc: 'The reason, kept in the session.' },
    recordedArg,
  ],
  examples: [
    'review sessions/cold-ad.jsonl',
    'review sessions/cold-ad.jsonl --accept 3 --why "new model, checked by hand"',
  ],
  run: async (context, args) => {
    const path = sessionPath(context, args);
    const ci = inCi(context.env);
    const asked = [...listArg(args, 'accept'), ...listArg(args, 'reject')].length > 0;
    const held = !ci && (asked || context.ask !== undefined) ? await holdToRewrite(context.tools, path) : null;
    try {
      return await reviewed(table, context, args, { path, held, session: held?.session ?? (await readSession(path)) });
    } finally {
      held?.release();
    }
  },
});

interface Reviewed {
  readonly path: string;
  readonly session: ReadSession;
  /** null: nothing is written. */
  readonly held: HeldSession | null;
}

const reviewed = async (
  table: Table,
  context: CommandContext,
  args: ArgValues,
  { path, session, held }: Reviewed,
): Promise<ResultOf<'review'>> => {
  const { options, close } = await prepareReplay(table, context, args);
  try {
    const report = await replaySession(session, options);
    const open = pending(report.outcomes);
    const named = decisionsFrom(args, open);
    const decisions =
      named.length > 0 || context.ask === undefined || held === null
        ? named
        : await askDecisions(session, open, report.first?.cause ?? null, context.ask);
    const decided = held === null ? [] : decisions;
    if (held !== null && decided.length > 0)
      await save(held, applyReview(session, report.outcomes, decided, new Date().toISOString()), options);
    const left = open.filter(({ step }) => !decided.some((decision) => decision.step === step));
    return {
      schema: 'review',
      data: {
        file: path,
        differing: report.differing,
        first: report.first,
        pending: left,
        decided,
        written: decided.length > 0,
      },
      exitCode: left.length > 0 || decided.some(({ verb }) => verb === 'reject') ? 1 : 0,
      notices: [
        ...session.notices,
        ...(held === null && decisions.length > 0 ? ['CI is set: nothing was written'] : []),
      ],
    };
  } finally {
    await close();
  }
};
