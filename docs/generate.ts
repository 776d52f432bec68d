/** Writes what is generated in docs/: the reference of commands, the schema of sessions and the table of screen texts. `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { commandsMarkdown } from '../src/commands/help/command-tables.ts';
import { commands } from '../src/commands/registry.ts';
import { sessionJsonSchema } from '../src/session/format.ts';
import { actionsOf } from '../src/state/actions/actions.ts';
import { collectTexts, textsTable } from './screen-texts.ts';

const keys = actionsOf(commands)
  .filter((action) => action.keys.length > 0)
  .map(({ keys: names, title, where }) => ({ keys: names, title: title(), where }));

/** The generated files by name, as they should be now. */
export const generated: Readonly<Record<string, string>> = {
  'commands.md': `${commandsMarkdown(commands, keys)}\n`,
  'texts.json': `${JSON.stringify(textsTable(collectTexts().texts), null, 2)}\n`,
  'session.schema.json': `${JSON.stringify(sessionJsonSchema(), null, 2)}\n`,
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const [name, text] of Object.entries(generated))
    writeFileSync(fileURLToPath(new URL(name, import.meta.url)), text);
