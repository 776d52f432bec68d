import type { ArgSpec, ArgValues, Command } from '../commands/command.ts';
import type { Grammar } from '../commands/parse.ts';
import { adInQuestion } from './command-actions.ts';
import type { AppState } from './state.ts';

/** At the prompt a user is open and an ad selected: both may be left out, and the user's place moves on. */
const relaxed = (command: Command): Command => {
  const user = command.args.find((a) => a.type === 'user' && a.position !== undefined);
  const cut = user?.position;
  const args = command.args.map((spec): ArgSpec => {
    const { position, ...rest } = spec;
    if (spec === user) return { ...rest, required: false };
    const moved = position !== undefined && cut !== undefined && position > cut ? position - 1 : position;
    return { ...rest, ...(moved === undefined ? {} : { position: moved }), ...(spec.type === 'ad' ? { required: false } : {}) };
  });
  return { ...command, args };
};

export const grammarFor = (state: AppState): Grammar => ({ commands: state.table.map(relaxed), globals: [] });

/** The user open and the ad in question where the line named none. */
export const withSelection = (state: AppState, id: string, args: ArgValues): ArgValues => {
  const specs = state.table.find((c) => c.id === id)?.args.filter((a) => a.position !== undefined && (a.required === true || a.type === 'user')) ?? [];
  if (args['query'] !== undefined) return args;
  const found: Record<string, string> = {};
  for (const spec of specs) {
    if (args[spec.name] !== undefined) continue;
    const value = spec.type === 'user' ? state.userId : spec.type === 'ad' ? adInQuestion(state) : null;
    if (value !== null) found[spec.name] = value;
  }
  return { ...args, ...found };
};
