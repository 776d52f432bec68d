import { existsSync } from 'node:fs';
import { cpus, homedir, totalmem } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord, parseJson } from '../../base/json.ts';
import { readText } from '../../base/text-file.ts';
import { RecallError } from '../../errors.ts';
import type { Check } from '../../workspace/doctor/check.ts';

const format = 'recall-tui/bundle@1';

/** What a report of a fault needs of the workspace, without any user. */
export interface BundleSource {
  readonly dir: string;
  readonly checks: readonly Check[];
  readonly timingsMs: Readonly<Record<string, number>>;
  /** Is this a user's id? null: the sample cannot be asked. */
  readonly isUser: ((text: string) => boolean) | null;
}

/** The package this code belongs to, found upwards: sources and bundle lie at different depths. */
const ownPackage = async (): Promise<Readonly<Record<string, unknown>>> => {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dirname(dir) !== dir; dir = dirname(dir)) {
    const path = join(dir, 'package.json');
    const read = existsSync(path) ? parseJson(await readText(path)) : null;
    if (isRecord(read) && read['name'] === 'recall-tui') return read;
  }
  return {};
};

const leftOut = '(left out: without the sample its ids cannot be told)';

/** Words, and each mark between them; a full stop at the end of a word is such a mark. */
const wordsAndMarks = /[^\s,;:"'()[\]{}=]+?(?=\.?(?:[\s,;:"'()[\]{}=]|$))|[\s\S]/gu;
/** An id may hold marks and spaces itself: so many words and marks of it are put together. */
const longestId = 24;

const maskUsers = (text: string, isUser: (text: string) => boolean): string => {
  const parts = text.match(wordsAndMarks) ?? [];
  let masked = '';
  for (let from = 0; from < parts.length;) {
    let to = Math.min(parts.length, from + longestId);
    while (to > from && !isUser(parts.slice(from, to).join(''))) to -= 1;
    masked += to > from ? '(user)' : (parts[from] ?? '');
    from = Math.max(to, from + 1);
  }
  return masked;
};

/** Ids of users become `(user)`, the folder `.`, the home folder `~`. */
const masker = ({ dir, isUser }: BundleSource): ((text: string) => string) => {
  const home = homedir();
  // Without a home there is nothing to hide, and everything lies below the root.
  const homes = isAbsolute(home) && dirname(home) !== home ? [home] : [];
  return (text) => {
    const placed = homes.reduce((said, one) => said.replaceAll(one, '~'), text.replaceAll(dir, '.'));
    return isUser === null ? placed : maskUsers(placed, isUser);
  };
};

/** A bundle may be written again; nothing else is written over. Throws `bad-input`. */
export const checkBundlePlace = async (path: string): Promise<void> => {
  if (!existsSync(path)) return;
  const there = parseJson(await readText(path).catch(() => ''));
  if (isRecord(there) && there['format'] === format) return;
  throw new RecallError('bad-input', `${path} is there already, and is no bundle`, {
    expected: 'the name of a new file, or of a bundle',
    todo: 'name another file',
  });
};

const mapStrings = (value: unknown, change: (text: string) => string): unknown =>
  typeof value === 'string'
    ? change(value)
    : Array.isArray(value)
      ? value.map((item) => mapStrings(item, change))
      : isRecord(value)
        ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapStrings(item, change)]))
        : value;

/**
 * The text of a bundle, JSON: versions of program, runtime and packages, the machine, the manifest, every check, times in
 * ms. No user: ids of the sample are masked, and where it cannot be opened what a failed check found is left out.
 */
export const bundleText = async (source: BundleSource): Promise<string> => {
  const { version, dependencies, optionalDependencies } = await ownPackage();
  const mask = masker(source);
  const path = join(source.dir, 'recall.json');
  const manifest = existsSync(path) ? mapStrings(parseJson(await readText(path)), mask) : null;
  const checks = source.checks.map(({ name, ok, expected, found }) => ({
    name: mask(name),
    ok,
    expected: mask(expected),
    found: !ok && source.isUser === null ? leftOut : mask(found),
  }));
  const bundle = {
    format,
    versions: { recallTui: version, node: process.version, dependencies, optionalDependencies },
    machine: {
      platform: process.platform,
      arch: process.arch,
      processors: cpus().length,
      model: cpus()[0]?.model ?? null,
      memoryMb: Math.round(totalmem() / 1e6),
    },
    manifest,
    checks,
    timingsMs: source.timingsMs,
  };
  return `${JSON.stringify(bundle, null, 2)}\n`;
};
