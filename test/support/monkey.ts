import { seededRandom } from '../../src/domain/random.ts';

/** What a terminal might send next: bytes, or another size of the window. */
export type MonkeyAct =
  | { readonly type: 'bytes'; readonly bytes: string }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number };

const esc = '\u001b';

/** Letters, digits and signs, without the q that would end the run. */
const printable = [
  ...'abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !"#$%&\'()*+,-./:;<=>?@[]^_`{|}~\\',
];
/** Without ctrl-c, which ends the run, ctrl-z, which stops it, and ESC, which is sent by itself. */
const controls = Array.from({ length: 31 }, (_, i) => i + 1)
  .filter((code) => ![3, 26, 27].includes(code))
  .map((code) => String.fromCharCode(code));
const sequences = [
  '[A',
  '[B',
  '[C',
  '[D',
  '[H',
  '[F',
  '[5~',
  '[6~',
  '[3~',
  '[2~',
  '[Z',
  '[1;2C',
  '[1;2D',
  '[1;5C',
  '[1;5D',
  'OP',
  'OA',
  '[15~',
  '[97;5u',
  '[I',
  '[O',
].map((s) => esc + s);
const moving = [
  'j',
  'k',
  'j',
  'k',
  '\t',
  '\r',
  '\r',
  esc,
  `${esc}[A`,
  `${esc}[B`,
  'l',
  'h',
  'w',
  'e',
  'x',
  '/',
  ':',
  '?',
  '+',
];
/** What no keyboard sends: cut sequences, mouse reports, replies of a terminal, lone surrogates, nulls. */
const strange = [
  `${esc}[`,
  `${esc}[<0;3;4M`,
  `${esc}[M !!`,
  `${esc}]11;rgb:00/00/00\u0007`,
  `${esc}P1$r0m${esc}\\`,
  `${esc}[?62;22c`,
  '\ud83d',
  '\u0000',
  '\u009b2J',
  `${esc}${esc}`,
  '\u007f',
  `${esc}[200~`,
];
const words = [
  '智能音箱',
  '小度 ',
  'u-00001',
  'ad-0003',
  'recall',
  'explain',
  'why-not',
  '--weight browse=2',
  '👩‍👩‍👧‍👦',
  'é',
  '"',
  "'",
  '\\',
  'cat:音箱 ',
  '!',
  'price:<5',
  '\u202e',
  'é'.normalize('NFD'),
];
const pastes = [
  '',
  'x',
  '智能音箱\n小度',
  'recall u1\nexplain u1 ad-0001\n',
  `${esc}[2J${esc}[H`,
  '\r\r\r',
  'a'.repeat(2000),
  '\u0007\u0000\u001b',
];

/** Sizes a person drags a window to, some of them absurd. */
const sizes: ReadonlyArray<readonly [number, number]> = [
  [80, 24],
  [120, 40],
  [200, 60],
  [60, 16],
  [59, 15],
  [1, 1],
  [2, 50],
  [300, 4],
  [100, 30],
  [160, 45],
  [61, 17],
];

/** An endless seeded stream of acts. */
export const monkey = (seed: number): (() => MonkeyAct) => {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[random.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const bytes = (): string => {
    const at = random.next();
    if (at < 0.35) return pick(moving);
    if (at < 0.7) return pick(printable);
    if (at < 0.78) return pick(controls);
    if (at < 0.86) return pick(sequences);
    if (at < 0.92) return pick(words);
    if (at < 0.96) return pick(strange);
    return `${esc}[200~${pick(pastes)}${esc}[201~`;
  };
  return () => {
    if (random.next() < 0.01) {
      const [columns, rows] = random.next() < 0.5 ? pick(sizes) : [1 + random.below(220), 1 + random.below(70)];
      return { type: 'resize', columns, rows };
    }
    return { type: 'bytes', bytes: bytes() };
  };
};
