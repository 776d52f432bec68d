import type { ArgSpec } from '../answers/help.ts';
import { modes } from '../domain/query.ts';

/** The options of every command that takes a query (docs/design.md, "The headless contract"). */
export const queryArgs: readonly ArgSpec[] = [
  { name: 'k', short: 'k', type: 'int', doc: 'Length of the list.' },
  {
    name: 'at',
    type: 'time',
    doc: 'As-of: nothing at or after this instant may influence the result. ISO-8601 (no zone means UTC) or ms.',
  },
  {
    name: 'weight',
    type: 'weight',
    repeat: true,
    doc: 'Weight of a feature group, 0 to 4: search=1.6. 1 is as trained, 0 removes the group.',
  },
  { name: 'preset', type: 'preset', doc: 'A saved set of weights and context.' },
  { name: 'context', type: 'pair', repeat: true, doc: 'A field of the context: promo=618.' },
  {
    name: 'mode',
    type: 'mode',
    choices: modes,
    doc: `Which recall runs: ${modes.slice(0, -1).join(', ')} or ${modes.at(-1) ?? ''}.`,
  },
  { name: 'ef', type: 'int', doc: 'Breadth of the HNSW search (effective: at least k).' },
  {
    name: 'exclude',
    type: 'event',
    repeat: true,
    doc: 'Knock out a behaviour by id, or all that a filter names (kind:view, cat:home, platform:web, ad:AD, group:search, who:friends, since:TIME, until:TIME, joined by commas): it keeps its slot, nothing older moves up.',
  },
  { name: 'search', type: 'string', repeat: true, doc: 'What if the user had just searched this text.' },
  { name: 'view', type: 'ad', repeat: true, doc: 'What if the user had just viewed this ad.' },
  { name: 'purchase', type: 'ad', repeat: true, doc: 'What if the user had just bought this ad.' },
  { name: 'friend', type: 'user', repeat: true, doc: 'What if the user had befriended this one.' },
  { name: 'no-eligibility', type: 'flag', doc: 'Skip the eligibility filters.' },
  {
    name: 'query',
    type: 'path',
    doc: 'A RecallQuery to start from: a file, - for stdin, or the JSON itself: the "query" field of any answer.',
  },
];
