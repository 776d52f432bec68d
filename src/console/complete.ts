import { eventFields } from '../domain/filter/events.ts';
import { channelNames, modes } from '../domain/query.ts';
import type { Command } from './command.ts';
import type { ArgSpec } from '../answers/help.ts';
import { quoteWord } from './tokens.ts';
import type { Place } from './complete-place.ts';
import { argsOf } from './usage.ts';

/** A candidate at the cursor. `value` is the word itself; it is quoted when it goes into the line. */
export interface Candidate {
  readonly value: string;
  readonly note: string;
  /** More of the same word follows (`search=`, a folder): no blank after it. */
  readonly open?: boolean;
}

/** A question only the data can answer; `match` is what was typed of the word. */
export interface Ask {
  readonly what: 'users' | 'ads' | 'presets' | 'files';
  readonly match: string;
}

/** The sources of candidates: names in memory, and the answers received so far. */
export interface Vocabulary {
  readonly commands: readonly Command[];
  readonly groups: readonly string[];
  /** Instants worth typing, newest first. */
  readonly times: readonly Candidate[];
  readonly events: readonly Candidate[];
  /** Fields of the context with the values known of each. */
  readonly context: Readonly<Record<string, readonly string[]>>;
  /** null: not answered yet. */
  readonly answers: (ask: Ask) => readonly Candidate[] | null;
}

const plain = (values: readonly string[], note = ''): Candidate[] => values.map((value) => ({ value, note }));

/** Names that begin with what was typed; without one those that contain it, or whose note does. */
const matching = (candidates: readonly Candidate[], typed: string): readonly Candidate[] => {
  const word = typed.toLowerCase();
  const begins = candidates.filter((c) => c.value.toLowerCase().startsWith(word));
  return begins.length > 0 ? begins : candidates.filter((c) => `${c.value} ${c.note}`.toLowerCase().includes(word));
};

const asking: Readonly<Partial<Record<ArgSpec['type'], Ask['what']>>> = {
  user: 'users',
  ad: 'ads',
  preset: 'presets',
  path: 'files',
};

/** The folder part of a path as typed; what lies in it is asked for once, whatever follows. */
const folderOf = (typed: string): string => typed.slice(0, typed.lastIndexOf('/') + 1);

/** The questions whose answers complete the candidates of this place. */
export const asksAt = ({ specs, typed }: Pick<Place, 'specs' | 'typed'>): readonly Ask[] =>
  specs.flatMap((spec): Ask[] => {
    const what = asking[spec.type];
    if (what === undefined) return [];
    return [{ what, match: what === 'files' ? folderOf(typed) : what === 'presets' ? '' : typed }];
  });

const pairs = (context: Vocabulary['context'], typed: string): Candidate[] => {
  const at = typed.indexOf('=');
  if (at < 0)
    return Object.keys(context).map((field) => ({
      value: `${field}=`,
      note: (context[field] ?? []).join(' '),
      open: true,
    }));
  const field = typed.slice(0, at);
  return plain((context[field] ?? []).map((value) => `${field}=${value}`));
};

const weights = (groups: readonly string[], typed: string): Candidate[] => {
  const at = typed.indexOf('=');
  if (at < 0) return groups.map((group) => ({ value: `${group}=`, note: '0 to 4, 1 as trained', open: true }));
  return ['0', '0.5', '1', '1.5', '2', '4'].map((x) => ({
    value: `${typed.slice(0, at)}=${x}`,
    note: x === '0' ? 'removed' : x === '1' ? 'as trained' : '',
  }));
};

const values = (spec: ArgSpec, typed: string, known: Vocabulary): readonly Candidate[] => {
  switch (spec.type) {
    case 'user':
    case 'ad':
    case 'preset':
    case 'path': {
      const found = asksAt({ specs: [spec], typed }).flatMap((ask) => known.answers(ask) ?? []);
      // Users and ads were matched where they live, ads by their words too.
      return spec.type === 'user' || spec.type === 'ad' ? found : matching(found, typed);
    }
    case 'group':
      return matching(plain(known.groups, 'feature group'), typed);
    case 'channel':
      return matching(plain(channelNames, 'channel'), typed);
    case 'mode':
      return matching(plain(modes, 'mode'), typed);
    case 'choice':
      return matching(plain(spec.choices ?? []), typed);
    case 'time':
      return matching(known.times, typed);
    case 'event':
      return matching(
        [...known.events, ...eventFields.map(({ name, doc }) => ({ value: `${name}:`, note: doc, open: true }))],
        typed,
      );
    case 'weight':
      return matching(weights(known.groups, typed), typed);
    case 'pair':
      return matching(pairs(known.context, typed), typed);
    case 'string':
    case 'int':
    case 'number':
    case 'flag':
      return [];
  }
};

const first = (doc: string): string => /^.*?[.!?](?=\s|$)/s.exec(doc)?.[0] ?? doc;

const options = (command: Command, given: ReadonlySet<string>, typed: string): Candidate[] =>
  argsOf(command)
    .filter(
      (a) => a.position === undefined && (a.repeat === true || !given.has(a.name)) && `--${a.name}`.startsWith(typed),
    )
    .map((a) => ({ value: `--${a.name}`, note: first(a.doc) }));

/** Everything that may stand at a place, best first. Pure: unknown values are omitted. */
export const candidatesAt = (place: Place, known: Vocabulary): readonly Candidate[] => {
  if (place.command === null)
    return matching(
      known.commands.map((c) => ({ value: c.id, note: c.title })),
      place.typed,
    );
  const offered = place.specs.flatMap((spec) => values(spec, place.typed, known));
  const wantsOption = !place.ofOption && (place.typed.startsWith('-') || (place.typed === '' && offered.length === 0));
  const all = wantsOption ? [...options(place.command, place.given, place.typed), ...offered] : offered;
  return [...new Map(all.map((c) => [c.value, c])).values()];
};

/** The line with the word at the place replaced by a candidate, and where the cursor then stands. */
export const applyCandidate = (
  line: string,
  place: Place,
  { value, open }: Candidate,
): { readonly value: string; readonly cursor: number } => {
  const rest = line.slice(place.end);
  const head = `${line.slice(0, place.at)}${place.inline}${quoteWord(value)}`;
  const spaced = open === true || rest.startsWith(' ') ? head : `${head} `;
  return { value: spaced + rest, cursor: spaced.length };
};

/** The common beginning of all candidates if it is longer than the typed text; otherwise the typed text. */
export const commonStart = (candidates: readonly Candidate[], typed: string): string => {
  const [one, ...more] = candidates.map((c) => c.value);
  let start = one ?? typed;
  for (const other of more) while (!other.startsWith(start)) start = start.slice(0, -1);
  return start.length > typed.length && start.toLowerCase().startsWith(typed.toLowerCase()) ? start : typed;
};
