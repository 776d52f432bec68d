import { list, number, numberOrNull, object, objectOrNull, text, type JsonObject } from '../program.ts';
import type { Random } from '../random.ts';
import type { Tally } from '../tally.ts';
import { membership, withWeight, type At, type Query } from './changed.ts';

/** A why-not of an ad that is not in the list of `query`, to be held to every number that it prints. */
export interface Asked {
  readonly dir: string;
  readonly query: Query;
  readonly adId: string;
  /** Ads of the workspace. */
  readonly ads: number;
  readonly json: JsonObject;
  readonly at: At;
}

interface Bench extends Asked {
  readonly repair: JsonObject | null;
  readonly change: JsonObject | null;
  readonly searched: JsonObject;
  readonly random: Random;
  readonly tally: Tally;
  readonly inLists: (queries: readonly Query[]) => Promise<boolean[]>;
}

/** Weights of another group than the repair's are sampled; and without a repair by weight so are all. */
const someWeights = { ofAnother: 16, ofAll: 60 };

/**
 * The repair is run, and so is everything that is said to have been run for it: no smaller k, quota or weight of the
 * same kind works, no ef within the bounds, no thousandth nearer than `within`. Without a repair nothing within the
 * bounds works. Where the program calls a number the smallest and every smaller one was run here, the repair counts as
 * proved minimal.
 */
export const checkRepair = async (asked: Asked, random: Random, tally: Tally): Promise<void> => {
  const repair = objectOrNull(asked.json, 'repair');
  const searched = objectOrNull(asked.json, 'searched');
  const change = repair === null ? null : object(repair, 'change');
  tally.check('searched stands beside the repair', searched !== null, asked.at, () => 'searched is null');
  // An ad indexed again is no change of the query: there is nothing to run here.
  if (searched === null || (change !== null && text(change, 'type') === 'reindex')) return;
  const inLists = async (queries: readonly Query[]): Promise<boolean[]> =>
    (await membership(asked.dir, asked.adId, queries)).map((inside) => inside === true);
  const bench: Bench = { ...asked, repair, change, searched, random, tally, inLists };
  if (repair !== null) {
    const [works] = await inLists([object(repair, 'query')]);
    tally.check('repair works', works === true, asked.at, () => JSON.stringify(change));
  }
  const proved = await Promise.all([checkK(bench), checkEf(bench), checkWeights(bench), checkQuotas(bench)]);
  if (repair !== null && proved.includes(true)) tally.proveMinimal();
};

/** Of the efs between the bounds. */
const someEfs = 60;

const typeOf = ({ change }: Bench): string => (change === null ? '' : text(change, 'type'));

const between = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** The first of the queries whose list holds the ad. */
const first = async <T>(
  { inLists }: Bench,
  values: readonly T[],
  queryOf: (value: T) => Query,
): Promise<T | undefined> => {
  const inside = await inLists(values.map(queryOf));
  return values.find((_, i) => inside[i] === true);
};

/** True: the repair is by this kind, and it was seen to be the smallest. The same holds of the functions below. */
const checkK = async (bench: Bench): Promise<boolean> => {
  const { query, change, repair, searched, random, tally, at, ads } = bench;
  const withK = (k: number): Query => ({ ...query, k });
  const k = number(query, 'k');
  const bounds = objectOrNull(searched, 'k');
  if (repair === null && bounds !== null) {
    const all = between(number(bounds, 'from'), number(bounds, 'to'));
    const some = new Set([...all.slice(0, 12), ...all.slice(-4), ...random.sample(all, 24)]);
    const works = await first(bench, [...some], withK);
    tally.check('no repair: no k within the bounds works', works === undefined, at, () => `k ${String(works)} works`);
  }
  if (typeOf(bench) !== 'k' || repair === null || change === null) return false;
  const to = number(change, 'to');
  const smallest = object(repair, 'smallest');
  const certain = smallest['certain'] === true;
  const ran = object(smallest, 'ran');
  tally.check('repair by k was run up to its k', number(ran, 'to') === to, at, () => JSON.stringify(smallest));
  // What was run without a gap holds whatever else was; certain: no smaller k at all.
  const from = certain ? k + 1 : number(ran, 'from');
  if (to - from > Math.min(ads, 400)) return false;
  const smaller = await first(bench, between(from, to - 1), withK);
  tally.check(
    certain ? 'repair by k is minimal' : 'repair by k: no smaller one of those run works',
    smaller === undefined,
    at,
    () => `k ${String(smaller)} works, ${to} was offered (${JSON.stringify(smallest)})`,
  );
  // Every k is run where the bracket is small, so only a wide one may be uncertain.
  const ef = number(query, 'ef');
  if (!certain)
    tally.check('only a wide bracket is uncertain', to - Math.max(k, to > ef ? ef : 0) > 64, at, () =>
      JSON.stringify(smallest),
    );
  return certain && smaller === undefined;
};

const checkEf = async (bench: Bench): Promise<boolean> => {
  const { query, change, repair, searched, random, tally, at } = bench;
  const withEf = (ef: number): Query => ({ ...query, ef });
  const bounds = objectOrNull(searched, 'ef');
  const to = typeOf(bench) === 'ef' && change !== null ? number(change, 'to') : null;
  if (bounds === null) {
    tally.check('an ef that is offered was searched for', to === null, at, () => JSON.stringify(change));
    return false;
  }
  const every = bounds['every'] === true;
  // Of the bounds themselves one may work; without a repair neither does.
  const [low, high] = [number(bounds, 'from'), number(bounds, 'to')];
  const all = repair === null ? between(low, high) : between(low + 1, high - 1);
  // Those beside the ef that is offered are all run below.
  const inside = [...new Set([...all.slice(0, 20), ...all.slice(-20), ...random.sample(all, someEfs)])];
  const works = await first(
    bench,
    inside.filter((ef) => ef !== to),
    withEf,
  );
  if (every)
    tally.check(
      repair === null ? 'no repair: no ef within the bounds works' : 'no ef within the bounds works but the repair',
      works === undefined,
      at,
      () => `ef ${String(works)} works, ${JSON.stringify(bounds)}, ${JSON.stringify(change)}`,
    );
  if (to === null) return false;
  const own = number(query, 'ef');
  const nearer = await first(bench, to > own ? between(own + 1, to - 1) : between(to + 1, own - 1), withEf);
  if (every)
    tally.check('repair by ef is the nearest', nearer === undefined, at, () => `ef ${String(nearer)} works, not ${to}`);
  return every && nearer === undefined;
};

const scale = 1000;

/** Thousandths of one weight nearer to it than `distance`, itself excepted. */
const thousandths = (weight: number, distance: number): number[] =>
  between(Math.floor((weight - distance) * scale), Math.ceil((weight + distance) * scale))
    .map((n) => n / scale)
    .filter((to) => to >= 0 && to <= 4 && to !== weight && Math.abs(to - weight) < distance - 1e-9);

const checkWeights = async (bench: Bench): Promise<boolean> => {
  const { query, change, repair, searched, random, tally, at } = bench;
  const bounds = objectOrNull(searched, 'weights');
  const own = typeOf(bench) === 'weight' && change !== null ? change : null;
  if (bounds === null) {
    tally.check('a weight that is offered was searched for', own === null, at, () => JSON.stringify(change));
    return false;
  }
  const weights = object(query, 'weights');
  const groups = Object.keys(weights);
  const weightOf = (group: string): number => number(weights, group);
  const [within, to] = [number(bounds, 'within'), number(bounds, 'to')];
  const every = bounds['every'] === true;
  if (own !== null && repair !== null) {
    const distance = Math.abs(number(own, 'to') - weightOf(text(own, 'group')));
    const certain = object(repair, 'smallest')['certain'] === true;
    tally.check('a certain weight was run without a gap', certain === every, at, () => JSON.stringify(bounds));
    // Nothing cheaper was passed over: a certain one has no nearer thousandth at all.
    if (certain)
      tally.check('a certain weight is as far as the thousandths were run', distance <= within + 1e-9, at, () =>
        JSON.stringify({ change, bounds }),
      );
  }
  const far = every && own === null ? to : within;
  // All nearer weights of the group that is offered are run; of the others some, and those next to the bound.
  const whole = own === null ? null : text(own, 'group');
  const asked = groups.flatMap((group) => {
    const all = thousandths(weightOf(group), far);
    const nearest = all.filter((value) => Math.abs(value - weightOf(group)) > far - 0.002);
    const some = random.sample(all, whole === null ? someWeights.ofAll : someWeights.ofAnother);
    return (group === whole ? all : [...some, ...nearest]).map((value) => ({ group, value }));
  });
  const works = await first(bench, asked, ({ group, value }) => withWeight(query, group, value));
  tally.check(
    own === null ? 'no thousandth within the bounds works' : 'no nearer thousandth within the bounds works',
    works === undefined,
    at,
    () => `${JSON.stringify(works)} works, ${JSON.stringify(bounds)}, ${JSON.stringify(change)}`,
  );
  const coarse = groups.flatMap((group) =>
    between(1, 32).flatMap((n) =>
      [n / 8, -n / 8].flatMap((by) => {
        const value = Math.round((weightOf(group) + by) * scale) / scale;
        const onScale = Math.abs(weightOf(group) * scale - Math.round(weightOf(group) * scale)) < 1e-9;
        return onScale && value >= 0 && value <= 4 && Math.abs(by) < to - 1e-9 ? [{ group, value }] : [];
      }),
    ),
  );
  const step = await first(bench, coarse, ({ group, value }) => withWeight(query, group, value));
  tally.check('no step of 1/8 nearer than the bound works', step === undefined, at, () =>
    JSON.stringify({ step, bounds, change }),
  );
  const cost = repair === null ? null : numberOrNull(repair, 'cost');
  if (own === null && cost !== null && every)
    tally.check('no weight is cheaper', to >= Math.min(4, cost * 4) - 1e-9, at, () => JSON.stringify({ bounds, cost }));
  return own !== null && every && works === undefined;
};

const checkQuotas = async (bench: Bench): Promise<boolean> => {
  const { query, change, repair, searched, tally, at } = bench;
  const own = change !== null && /^(merge|rule)-quota$/.test(typeOf(bench)) ? change : null;
  const part = text(query, 'mode') === 'legacy' ? 'rules' : 'merge';
  const withQuota = (channel: string, quota: number): Query => {
    const config = object(query, part);
    return { ...query, [part]: { ...config, quota: { ...object(config, 'quota'), [channel]: quota } } };
  };
  let proved = false;
  for (const row of list(searched, 'quotas')) {
    const [channel, from, to] = [text(row, 'channel'), number(row, 'from'), number(row, 'to')];
    const offered = own !== null && text(own, 'channel') === channel;
    const last = repair === null ? to : to - 1;
    const works = await first(bench, between(from + 1, last), (quota) => withQuota(channel, quota));
    tally.check(
      offered ? 'no smaller quota works' : 'no quota below the bound works',
      works === undefined,
      at,
      () => `${channel} ${String(works)} works, ${JSON.stringify(row)}, ${JSON.stringify(change)}`,
    );
    if (!offered) continue;
    tally.check('the quota offered is the one found', number(own, 'to') === to, at, () => JSON.stringify(own));
    proved = works === undefined;
  }
  return proved;
};
