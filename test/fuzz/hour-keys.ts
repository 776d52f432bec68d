import { seededRandom } from '../../src/domain/random.ts';
import { monkey } from '../support/monkey.ts';

/** What is typed: a burst of bytes is one key. */
export type HourAct = { readonly keys: string } | { readonly columns: number; readonly rows: number };

const esc = '\u001b';
const enter = '\r';
const [up, down, pageUp, pageDown] = [`${esc}[A`, `${esc}[B`, `${esc}[5~`, `${esc}[6~`];

const words = [
  '智能音箱',
  'phone',
  'u-01',
  'u-2',
  'kids',
  '小度',
  'cat:音箱',
  'engaged:yes',
  'price:<50',
  'moved',
  "'ad-03",
];
const users = ['u-0', 'u-1', 'u-12', 'events:>50', 'clicks:>3', 'u-2', 'u-33', '智能音箱', 'u-00'];
const lines = [
  'explain',
  'why-not ad-03374',
  'counterfactual',
  'stability',
  'search-path',
  'ef-curve',
  'scores',
  'what-if --search 扫地机器人',
  'recall --weight browse=2',
  'recall --mode merged',
  'recall --mode legacy',
  'compare',
  'events',
  'inputs',
  'ads 音箱',
  'ad ad-03374',
  'audience ad-03374',
  'timeline',
  'users --limit 50',
  'presets',
  'weights',
  'platforms',
  'sessions',
  'config',
  'history',
  'transcript',
  'no-such-command',
  'explain ad-99999',
  'recall --ef 400 -k 50',
  'recall --weight social=0 --weight trend=3',
];
/** Lines that a person types to each of these, and leaves by Enter or by Esc. */
const prompts: ReadonlyArray<readonly [string, readonly string[]]> = [
  [':', lines],
  ['/', words],
  ['n', ['智能音箱', 'ad-03374', 'phone']],
  ['X', ['cat:音箱', 'kind:search', 'kind:click', 'price:<50']],
  ['t', ['2025-11-01', '2025-11-10', 'now', '2025-10-20']],
  ['W', ['keyword', 'social', 'popular']],
  ['S', ['扫地机器人', '手机']],
  ['C', ['device=phone', 'promo=618']],
  ['E', ['list.csv', 'list.md']],
];
/** Single keys of the list, its answers, its panes and its settings. */
const moves = [
  'j',
  'k',
  'j',
  'j',
  down,
  up,
  pageUp,
  pageDown,
  'g',
  'G',
  '\t',
  `${esc}[Z`,
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  'z',
];
const asks = ['e', 's', 'c', 'p', 'D', 'F', 'A', 'i', 'v', 'd', 'O', 'T', 'b', 'P', 'x', 'x', 'M', 'J', 'K', 'N', 'y'];
const turns = ['l', 'l', 'h', 'L', 'H', '0', '1', 'j', 'k', '+', '-', 'm', 'r'];
const undo = ['u', 'u', 'U', 'u', '[', ']', '{', '}', 'm'];

/**
 * Changes of weights, users, panes and filters, knocking out, overlays and prompts,
 * and at times what a monkey sends: endless, by the seed.
 */
export const hourOfKeys = (seed: number): (() => HourAct) => {
  const random = seededRandom(seed);
  const strange = monkey(seed + 1);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[random.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const some = (items: readonly string[], most: number): string[] =>
    Array.from({ length: 1 + random.below(most) }, () => pick(items));
  const close = (): string => (random.next() < 0.6 ? enter : esc);
  const prompt = (): string[] => {
    const [key, texts] = pick(prompts);
    return [key, ...pick(texts), ...(random.next() < 0.3 ? ['\t', '\t'] : []), close(), ...some(moves, 4)];
  };
  const out = [esc, esc];
  const scenes: ReadonlyArray<readonly [number, () => string[]]> = [
    [20, () => some(moves, 12)],
    [20, () => ['w', ...some(turns, 25), ...(random.next() < 0.2 ? ['=', '2', enter] : []), 'w']],
    [12, () => some(asks, 3).flatMap((key) => [key, ...some(moves, 4)])],
    [12, prompt],
    [6, () => ['f', ...(random.next() < 0.5 ? some([down, up], 6) : pick(users)), enter]],
    [6, () => ['1', ...some(['j', ' ', 'j', 'k', ' '], 10), '2']],
    [6, () => some(undo, 8)],
    [3, () => ['?', ...(random.next() < 0.5 ? pick(words) : ''), ...some([pageDown, up], 3), esc, esc]],
    [3, () => ['\u0010', ...pick(['expl', 'pre', 'co', 'weight']), ...some([down], 3), close(), esc]],
    [2, () => ['o', ...some([' ', 'j', 's'], 4), esc]],
    [1, () => ['R', close()]],
    [
      10,
      () =>
        Array.from({ length: 1 + random.below(12) }, () => strange()).flatMap((act) =>
          act.type === 'bytes' ? [act.bytes] : [],
        ),
    ],
  ];
  const total = scenes.reduce((sum, [weight]) => sum + weight, 0);
  const scene = (): string[] => {
    let at = random.below(total);
    for (const [weight, make] of scenes) {
      if (at < weight) return make();
      at -= weight;
    }
    return [];
  };
  const queue: HourAct[] = [];
  return () => {
    while (queue.length === 0) {
      if (random.next() < 0.02)
        queue.push(
          pick([
            { columns: 80, rows: 24 },
            { columns: 120, rows: 40 },
            { columns: 200, rows: 60 },
          ]),
        );
      queue.push(...[...scene(), ...(random.next() < 0.9 ? out : [])].map((keys) => ({ keys })));
    }
    return queue.shift() ?? { keys: esc };
  };
};
