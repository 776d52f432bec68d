import type { Command } from '../../console/command.ts';
import type { KeyRow } from '../../answers/help.ts';
import { usageOf } from '../../console/usage.ts';

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ');
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const firstSentence = (doc: string): string => /^.*?[.!?](?=\s|$)/s.exec(doc)?.[0] ?? doc;
const code = (names: readonly string[]): string => names.map((k) => `\`${k}\``).join(' ');

/** The README's tables of commands and keys; `npm run docs` prints them, a test holds the README to them. */
export const commandsMarkdown = (commands: readonly Command[], keys: readonly KeyRow[]): string =>
  [
    '| command | what it does | key |',
    '|---|---|---|',
    ...commands.map((c) => row([code([usageOf(c)]), firstSentence(c.doc), code(c.keys?.slice(0, 1) ?? [])])),
    ...(keys.length === 0
      ? []
      : [
          '',
          '| key | what it does | where |',
          '|---|---|---|',
          ...keys.map((k) => row([code(k.keys), k.title, k.where.join(', ')])),
        ]),
  ].join('\n');
