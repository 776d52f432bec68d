import { t } from '../../base/texts.ts';
import type { Command } from '../../console/command.ts';
import type { ArgSpec } from '../../answers/help.ts';
import { familyOrder, familyTitle } from '../../console/families.ts';
import { globalArgs } from '../../console/globals.ts';
import { queryArgs } from '../../console/query-specs.ts';
import { details, signature, usageOf } from '../../console/usage.ts';
import { wrapCells } from './cells.ts';
import { blank, fitLines, span, text, type Line } from './line.ts';
import { table } from './table.ts';

const program = 'recall-tui';

/** Widest help: longer lines are hard to read. */
const widest = 100;

const paragraph = (content: string, width: number): Line[] => wrapCells(content, width).map((l) => text(l));

const argLines = (title: string, args: readonly ArgSpec[], width: number): Line[] => {
  if (args.length === 0) return [];
  const left = Math.min(26, Math.max(...args.map((a) => signature(a).length)));
  const room = Math.max(20, width - left - 4);
  const rows = args.flatMap((arg) => {
    const [first = '', ...rest] = wrapCells(details(arg), room);
    const name = signature(arg);
    const head =
      name.length > left
        ? [[span(`  ${name}`, 'accent')], [span(`${' '.repeat(left + 4)}${first}`)]]
        : [[span(`  ${name.padEnd(left)}  `, 'accent'), span(first)]];
    return [...head, ...rest.map((line): Line => [span(`${' '.repeat(left + 4)}${line}`)])];
  });
  return [blank, text(title, 'bold'), ...rows];
};

/** `recall-tui recall --help`: made from the command's record alone. */
export const commandHelp = (command: Command, available: number): Line[] => {
  const width = Math.min(available, widest);
  const positionals = command.args.filter((a) => a.position !== undefined);
  const options = command.args.filter((a) => a.position === undefined);
  return fitLines(
    [
      text(`${program} ${usageOf(command)}`, 'bold'),
      blank,
      ...paragraph(command.doc, width),
      ...argLines(t('Arguments'), positionals, width),
      ...argLines(t('Options'), options, width),
      ...(command.takesQuery === true ? argLines(t('Query'), queryArgs, width) : []),
      ...argLines(t('Everywhere'), globalArgs, width),
      ...(command.examples === undefined
        ? []
        : [blank, text(t('Examples'), 'bold'), ...command.examples.map((e) => text(`  ${program} ${e}`))]),
    ],
    available,
  );
};

/** `recall-tui --help`: the whole table by family. */
export const programHelp = (commands: readonly Command[], available: number): Line[] => {
  const width = Math.min(available, widest);
  const widestId = Math.max(0, ...commands.map((c) => c.id.length));
  const list = familyOrder(commands).flatMap((family) => [
    blank,
    text(familyTitle(family), 'bold'),
    ...table(
      [
        { title: '', min: widestId + 2, cell: (c: Command) => span(`  ${c.id.padEnd(widestId)}`, 'accent') },
        { title: '', flex: 1, min: 10, cell: (c: Command) => c.title },
      ],
      commands.filter((c) => c.family === family),
      width,
      { bare: true },
    ),
  ]);
  return fitLines(
    [
      text(t('recall-tui: the debugger for the recall stage of ads and recommendation systems'), 'bold'),
      blank,
      ...paragraph(
        t(
          'Without a command, on a terminal, it opens the screen on the workspace found by -w, $RECALL_TUI_WORKSPACE, ./recall.json upward, or on the bundled demo. Every command also runs without a terminal: data on stdout, messages on stderr.',
        ),
        width,
      ),
      blank,
      text(`  ${program} ${t('[COMMAND] [ARGUMENTS] [--json]')}`),
      ...list,
      ...argLines(t('Everywhere'), globalArgs, width),
      blank,
      ...paragraph(
        t(
          'recall-tui COMMAND --help shows the arguments of a command. Exit codes: 0 ok; 1 regression, failed check, empty search; 2 unusable input, unknown id; 130 interrupted.',
        ),
        width,
      ),
    ],
    available,
  );
};
