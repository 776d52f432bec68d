import type { StepOutcome, Unit, UnitDifference, Cause } from '../answers/session.ts';
import { minimalSets } from '../domain/smallest-set.ts';
import type { Answer, Session, SessionStep } from './format.ts';
import { mainList } from './answer.ts';
import { openStep, queriesOf } from './open-step.ts';
import { errorWords } from './step-error.ts';
import { judge, runStep } from './judge.ts';
import type { ReplayOptions } from './judge.ts';
import { differingUnits, sameCatalogue, takesPart, unitTitles, withUnits } from './units.ts';
import type { Unsealer } from './unseal.ts';
import type { SessionWorkspace } from './workspace.ts';

interface Search extends ReplayOptions {
  readonly differing: readonly UnitDifference[];
  readonly unsealer: Unsealer;
}

const titles = (units: readonly Unit[]): string => units.map((unit) => unitTitles[unit]).join(' and ');

export const causeOf = async (session: Session, outcome: StepOutcome, search: Search): Promise<Cause> => {
  const step = session.steps.find((one) => one.step === outcome.step);
  if (step === undefined) return { kind: 'unknown', names: [], proved: false, text: 'the step is not in the session' };
  const unread =
    outcome.present.kind === 'error' && outcome.present.unread === true ? errorWords(outcome.present) : null;
  // Whatever the artefacts are: such a step never runs.
  if (unread !== null)
    return {
      kind: outcome.edited.length > 0 ? 'knob' : 'error',
      names: outcome.edited.length > 0 ? outcome.edited : [step.command],
      proved: outcome.edited.length === 0,
      text:
        outcome.edited.length > 0
          ? `changed in the file since it was recorded: ${outcome.edited.join(', ')} of the query; ${unread}`
          : `${unread}; the step cannot be run as it stands in the file`,
    };
  const units = unitsFor(step, search);
  const edited = editedCause(outcome, units, search.recorded !== undefined);
  if (search.recorded !== undefined && units.length > 0) {
    const cause = await swapped(session, step, units, search, search.recorded);
    // Only what diverges on the recorded artefacts too can be charged to what was changed in the file.
    return cause.kind === 'unit' || edited === null ? cause : edited;
  }
  const byRules = await rulesAlone(session, step, units, search);
  if (byRules !== null) return byRules;
  return edited ?? excluded(step, units, search);
};

/**
 * The parts of the query that were changed in the file since it was recorded; artefacts that differ may be the reason
 * as well.
 */
const editedCause = ({ edited }: StepOutcome, units: readonly Unit[], recorded: boolean): Cause | null =>
  edited.length === 0
    ? null
    : {
        kind: 'knob',
        names: edited,
        proved: false,
        text: `changed in the file since it was recorded: ${edited.join(', ')} of the query${
          units.length === 0
            ? ''
            : recorded
              ? `; with the recorded artefacts (${titles(units)}) the step diverges too`
              : `; ${titles(units)} ${units.length === 1 ? 'differs' : 'differ'} from the recording too: --beside DIR tells which`
        }`,
      };

/** Differing units that can take part in this step's answer. */
const unitsFor = (step: SessionStep, { differing, unsealer, runner }: Search): Unit[] => {
  const queries = ((): ReturnType<typeof queriesOf> => {
    try {
      return queriesOf(openStep(step, unsealer, runner));
    } catch {
      return [];
    }
  })();
  return differing
    .map(({ unit }) => unit)
    .filter((unit) => takesPart(unit, step, queries) && (unit !== 'rules' || step.follows?.includes('rules') === true));
};

/** Does the step hold on this workspace? Steps it is compared with are run there too. */
const holds = async (
  session: Session,
  step: SessionStep,
  workspace: SessionWorkspace,
  search: Search,
): Promise<boolean> => {
  const before = step.expect?.against?.step;
  const other = before === undefined ? undefined : session.steps.find((one) => one.step === before);
  const lists = new Map<number, Answer>();
  if (other !== undefined) lists.set(other.step, await runStep(other, workspace, search));
  const answer = await runStep(step, workspace, search);
  return (
    judge(step, answer, (number) => {
      const list = lists.get(number);
      return list === undefined ? null : mainList(list);
    }).status === 'pass'
  );
};

/** The recorded rules are in the step itself: they can be put back without the recording's artefacts. */
const rulesAlone = async (
  session: Session,
  step: SessionStep,
  units: readonly Unit[],
  search: Search,
): Promise<Cause | null> => {
  if (!units.includes('rules')) return null;
  const held = await holds(withOwnRules(session), { ...step, follows: [] }, search.workspace, search);
  return held
    ? {
        kind: 'unit',
        names: ['rules'],
        proved: true,
        text: `${unitTitles.rules}: with the recorded ones the step holds`,
      }
    : null;
};

const swapped = async (
  session: Session,
  step: SessionStep,
  units: readonly Unit[],
  search: Search,
  recorded: SessionWorkspace,
): Promise<Cause> => {
  const off = differingUnits(session.header, recorded).map(({ unit }) => unit);
  const caveat =
    off.length === 0
      ? ''
      : `; mind that the workspace of --beside is not the recording's either: ${titles(off)} ${off.length === 1 ? 'differs' : 'differ'}`;
  const proved = (sets: ReadonlyArray<readonly Unit[]>): Cause => {
    const said = sets.map(
      (names, i) =>
        `${titles(names)}: with the recorded ${names.length === 1 ? 'one' : 'ones'} the step holds${i === 0 ? '' : ' too'}`,
    );
    return {
      kind: 'unit',
      names: sets[0] ?? [],
      proved: true,
      text: `${said.join('; ')}${caveat}`,
      ...(sets.length > 1 ? { sets } : {}),
    };
  };
  // Every row of vectors, graph and neighbours is an ordinal: they only fit the sample they were built on.
  const together: readonly Unit[] = sameCatalogue(search.workspace, recorded) ? [] : ['data', 'model', 'graph', 'i2i'];
  const groups = units.filter((unit) => !together.includes(unit)).map((unit): Unit[] => [unit]);
  const tied = units.filter((unit) => together.includes(unit));
  if (tied.length > 0) groups.push([...tied]);
  const works = (set: readonly Unit[]): Promise<boolean> => {
    const frozen = set.includes('rules');
    return holds(
      frozen ? withOwnRules(session) : session,
      frozen ? { ...step, follows: [] } : step,
      withUnits(
        search.workspace,
        recorded,
        withTied(
          set.filter((unit) => unit !== 'rules'),
          together,
        ),
      ),
      search,
    );
  };
  const { sets } = await minimalSets(groups, (set) => works(set.flat()));
  return sets.length > 0
    ? proved(sets.map((set) => set.flat()))
    : {
        kind: 'unknown',
        names: [],
        proved: false,
        text: `not ${titles(units)}: with all of them as recorded the step still diverges${caveat}`,
      };
};

/** The rules are in the steps themselves, as they were recorded. */
const withOwnRules = (session: Session): Session => ({
  ...session,
  steps: session.steps.map((one) => ({ ...one, follows: [] })),
});

/** Where the catalogues differ, a sample brings its rows along even if only it was named. */
const withTied = (set: readonly Unit[], together: readonly Unit[]): readonly Unit[] =>
  set.some((unit) => together.includes(unit)) ? [...new Set([...set, ...together])] : set;

const excluded = async (step: SessionStep, units: readonly Unit[], search: Search): Promise<Cause> => {
  if (units.length === 0) return undecided(step, search);
  const only =
    units.length === 1
      ? `${titles(units)}: nothing else that takes part differs from the recording`
      : `one of ${titles(units)}: they differ from the recording`;
  return {
    kind: 'unit',
    names: units,
    proved: false,
    text: `${only}${units.length > 1 ? '; --beside DIR tells which' : ''}`,
  };
};

/** Nothing differs: the answer is not stable, or the file asks for something the recording never was. */
const undecided = async (step: SessionStep, search: Search): Promise<Cause> => {
  const [answer, again] = [
    await runStep(step, search.workspace, search),
    await runStep(step, search.workspace, search),
  ];
  if (JSON.stringify(answer) !== JSON.stringify(again))
    return {
      kind: 'unstable',
      names: [],
      proved: true,
      text: 'two runs of the same question on the same artefacts differ',
    };
  if (answer.kind === 'error') return { kind: 'error', names: [step.command], proved: true, text: errorWords(answer) };
  return {
    kind: 'expectation',
    names: ['expect'],
    proved: false,
    text: 'same artefacts, same query: either the expectation was edited, or this version computes differently',
  };
};
