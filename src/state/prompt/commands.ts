import { t } from '../../base/texts.ts';
import type { ArgSpec } from '../../answers/help.ts';
import type { Command } from '../../console/command.ts';
import { RecallError } from '../../errors.ts';

const promptOnly = (): Promise<never> =>
  Promise.reject(
    new RecallError('usage', t('this command needs the prompt of the screen'), {
      todo: t('recall-tui exec FILE runs the commands of a script'),
    }),
  );

type Words = () => string;

/** An argument whose description is looked up when it is shown. */
const arg = (spec: Omit<ArgSpec, 'doc'>, doc: Words): ArgSpec => ({
  ...spec,
  get doc() {
    return doc();
  },
});

/** A command of the prompt; its texts are looked up when they are shown. */
const own = (id: string, title: Words, doc: Words, args: Command['args'] = []): Command => ({
  id,
  get title() {
    return title();
  },
  get doc() {
    return doc();
  },
  family: 'prompt',
  needs: 'nothing',
  args,
  run: promptOnly,
});

/** Commands of the prompt alone: they act on what was typed at it. */
export const promptCommands: readonly Command[] = [
  own(
    'history',
    () => t('List the lines typed before'),
    () =>
      t(
        'Lists the lines typed before with their numbers; !N runs line N again, !! the last line, !why the last line that begins with why.',
      ),
    [arg({ name: 'match', type: 'string', position: 0 }, () => t('Only lines that contain this.'))],
  ),
  own(
    'transcript',
    () => t('Show the commands typed, with their answers'),
    () => t('Shows the commands typed since the screen was opened, with their answers.'),
  ),
  own(
    'save',
    () => t('Save the lines typed as a script'),
    () =>
      t(
        'Writes the commands typed since the screen was opened as a script for recall-tui exec, each with the user, ad and settings of its question.',
      ),
    [
      arg({ name: 'file', type: 'path', position: 0, required: true }, () => t('The new file.')),
      arg({ name: 'force', type: 'flag' }, () => t('Overwrite the file.')),
    ],
  ),
  own(
    'quit',
    () => t('Quit'),
    () => t('Quits and restores the terminal.'),
  ),
];

const joined = new WeakMap<readonly Command[], readonly Command[]>();

/** All commands of the prompt: the table, and its own. */
export const promptTable = (table: readonly Command[]): readonly Command[] => {
  const known = joined.get(table);
  if (known !== undefined) return known;
  const made = [...table, ...promptCommands.filter((c) => !table.some(({ id }) => id === c.id))];
  joined.set(table, made);
  return made;
};
