import type { CommandRow, CommandsData } from '../../../answers/help.ts';
import { t } from '../../../base/texts.ts';
import { plural } from '../../text/figures.ts';
import { fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

/** The table of commands; or, with --markdown, the text of docs/commands.md. */
export const commandsView = (
  data: CommandsData,
  width: number,
  _options: ViewOptions = {},
  height?: number,
): Line[] => {
  if (data.markdown !== undefined) return data.markdown.split('\n').map((l) => text(l));
  return fitLines(
    [
      ...sentence(
        t('{commands}; COMMAND --help describes one.', { commands: plural(data.commands.length, 'command') }),
        width,
        'bold',
      ),
      ...table(
        [
          { title: t('command'), min: 10, cell: (c: CommandRow) => span(c.id, 'accent') },
          { title: t('key'), cell: (c) => c.keys[0] ?? '' },
          { title: t('what it does'), min: 10, flex: 1, cell: (c) => c.title },
          { title: t('usage'), min: 10, flex: 1, drop: 1, cell: (c) => span(c.usage, 'dim') },
        ],
        data.commands,
        width,
      ),
    ],
    width,
    height,
  );
};
