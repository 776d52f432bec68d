import type { ArgValues, Command } from './command.ts';
import type { ArgSpec } from '../answers/help.ts';
import { parseLine, type ParseOutcome } from './parse.ts';

/** Arguments that a line may omit: the open user (in a script: the user of the query before) and the ad in question. */
export interface Selection {
  readonly userId: string | null;
  readonly adId: string | null;
}

/** The command without the user, its later arguments moved up; a required ad may be omitted too. */
const relaxed = (command: Command): Command => {
  const user = command.args.find((a) => a.type === 'user' && a.position !== undefined);
  const cut = user?.position;
  const args = command.args.map((spec): ArgSpec => {
    const { position, ...rest } = spec;
    if (spec === user) return { ...rest, required: false };
    const moved = position !== undefined && cut !== undefined && position > cut ? position - 1 : position;
    return {
      ...rest,
      ...(moved === undefined ? {} : { position: moved }),
      ...(spec.type === 'ad' ? { required: false } : {}),
    };
  });
  return { ...command, args };
};

const relaxedTables = new WeakMap<readonly Command[], readonly Command[]>();

export const relaxedTable = (table: readonly Command[]): readonly Command[] => {
  const known = relaxedTables.get(table);
  if (known !== undefined) return known;
  const made = table.map(relaxed);
  relaxedTables.set(table, made);
  return made;
};

const filled = (command: Command, args: ArgValues, { userId, adId }: Selection): ArgValues => {
  if (args['query'] !== undefined) return args;
  const found: Record<string, string> = {};
  for (const spec of command.args) {
    if (
      spec.position === undefined ||
      args[spec.name] !== undefined ||
      !(spec.required === true || spec.type === 'user')
    )
      continue;
    const value = spec.type === 'user' ? userId : spec.type === 'ad' ? adId : null;
    if (value !== null) found[spec.name] = value;
  }
  return { ...args, ...found };
};

/** Arguments that a line may omit must have a source. */
const complete = (command: Command, args: ArgValues): boolean =>
  command.args.every((spec) => spec.required !== true || args[spec.name] !== undefined);

/**
 * Parses a line as the prompt and `exec` both read it: in full, or with the user (and the ad in
 * question) omitted where there is a selection to take them from.
 */
export const parseTyped = (line: string, table: readonly Command[], selection: Selection): ParseOutcome => {
  const full = parseLine(line, { commands: table, globals: [] });
  if (!full.ok && selection.userId === null) return full;
  const short = full.ok ? full : parseLine(line, { commands: relaxedTable(table), globals: [] });
  // Where neither reading holds, the one that got further says what is wrong.
  if (!short.ok) return !full.ok && full.issue.at >= short.issue.at ? full : short;
  const { command: read, args, globals } = short.parsed;
  const command = table.find((c) => c.id === read?.id);
  if (command === undefined) return short;
  const values = filled(command, args, selection);
  return full.ok || complete(command, values) ? { ok: true, parsed: { command, args: values, globals } } : full;
};
