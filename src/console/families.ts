import type { Command } from './command.ts';

const families: readonly string[] = ['start', 'recall', 'why', 'change', 'look', 'session', 'build', 'help'];

/** Families of these commands, in the order in which help and docs show them. */
export const familyOrder = (commands: readonly Command[]): string[] => {
  const found = [...new Set(commands.map((c) => c.family))];
  return [...families.filter((f) => found.includes(f)), ...found.filter((f) => !families.includes(f))];
};

const familyTitles: Readonly<Record<string, string>> = {
  start: 'Start',
  recall: 'Recall',
  why: 'Why, and why not',
  change: 'Change something',
  look: 'Look at the data',
  session: 'Record and replay',
  build: 'Build a workspace',
  help: 'Help',
};

export const familyTitle = (family: string): string => familyTitles[family] ?? family;
