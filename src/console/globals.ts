import type { ArgSpec } from '../answers/help.ts';

/** Options every headless command takes; the front end reads them, commands never see them. */
export const globalArgs: readonly ArgSpec[] = [
  {
    name: 'workspace',
    short: 'w',
    type: 'path',
    doc: 'The folder with recall.json (default: $RECALL_TUI_WORKSPACE, then ./recall.json upward, then the bundled demo).',
  },
  { name: 'json', type: 'flag', doc: 'Print one JSON object instead of tables.' },
  {
    name: 'format',
    type: 'choice',
    choices: ['text', 'json', 'csv', 'md'],
    doc: 'Print the answer as tables for people, as JSON, or its main list as CSV or Markdown.',
  },
  {
    name: 'report',
    type: 'path',
    doc: 'Also write the answer to this file for a ticket: HTML or Markdown by its ending, users and searched text masked.',
  },
  { name: 'reveal', type: 'flag', doc: 'With --report: show users, events and searched text as they are.' },
  { name: 'debug', type: 'flag', doc: 'Print stack traces of errors.' },
  { name: 'help', short: 'h', type: 'flag', doc: 'Print the help of the program or of the command.' },
  { name: 'version', type: 'flag', doc: 'Print the version.' },
];
