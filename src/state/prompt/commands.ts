import type { Command } from '../../console/command.ts';
import { RecallError } from '../../errors.ts';

const promptOnly = (): Promise<never> =>
  Promise.reject(
    new RecallError('usage', 'this belongs to the prompt of the screen', {
      todo: 'recall-tui exec FILE runs the commands of a script',
    }),
  );

const own = (id: string, title: string, doc: string, args: Command['args'] = []): Command => ({
  id,
  title,
  doc,
  family: 'prompt',
  needs: 'nothing',
  args,
  run: promptOnly,
});

/** What only the prompt knows, beside the table: it acts on the sitting itself. */
export const promptCommands: readonly Command[] = [
  own(
    'history',
    'The lines typed before',
    'Lists the lines typed before with their numbers; !N runs one again, !! the last, !why the last that begins with why.',
    [{ name: 'match', type: 'string', position: 0, doc: 'Only lines that contain this.' }],
  ),
  own('transcript', 'What was typed and answered', 'Shows every command typed in this sitting with its answer.'),
  own(
    'save',
    'Save the lines as a script',
    'Writes the commands of this sitting as a script for recall-tui exec, each with the user, ad and settings it was asked with.',
    [
      { name: 'file', type: 'path', position: 0, required: true, doc: 'The new file.' },
      { name: 'force', type: 'flag', doc: 'Overwrite it.' },
    ],
  ),
  own('quit', 'Quit', 'Leaves; the terminal is as it was.'),
];

const joined = new WeakMap<readonly Command[], readonly Command[]>();

/** Everything the prompt takes: the table, and its own. */
export const promptTable = (table: readonly Command[]): readonly Command[] => {
  const known = joined.get(table);
  if (known !== undefined) return known;
  const made = [...table, ...promptCommands.filter((c) => !table.some((t) => t.id === c.id))];
  joined.set(table, made);
  return made;
};
