import type { ArgSpec } from '../answers/help.ts';
import { modes } from '../domain/query.ts';

/** The options of every command that takes a query (docs/design.md, "The headless contract"). */
export const queryArgs: readonly ArgSpec[] = [
  { name: 'k', short: 'k', type: 'int', doc: 'Length of the list.' },
  {
    name: 'at',
    type: 'time',
    doc: 'As-of: no data at or after this instant may influence the result. ISO-8601 (no zone means UTC) or ms.',
  },
  {
    name: 'weight',
    type: 'weight',
    repeat: true,
    doc: 'Weight of a feature group, 0 to 4: search=1.6. 1 is the trained weight, 0 removes the group.',
  },
  { name: 'preset', type: 'preset', doc: 'A saved set of weights and context.' },
  { name: 'context', type: 'pair', personal: 'query', repeat: true, doc: 'A field of the context: promo=618.' },
  {
    name: 'mode',
    type: 'mode',
    choices: modes,
    doc: `The recall that runs: ${modes.slice(0, -1).join(', ')} or ${modes.at(-1) ?? ''}.`,
  },
  { name: 'ef', type: 'int', doc: 'Breadth of the HNSW search (effective: at least k).' },
  {
    name: 'exclude',
    type: 'event',
    repeat: true,
    doc: 'Knock out a behaviour by id, or all that match a filter (kind:view, cat:音箱, platform:web, ad:AD, group:search, who:friends, since:TIME, until:TIME, joined by commas). A knocked-out behaviour keeps its slot: no older one moves up.',
  },
  {
    name: 'search',
    type: 'string',
    personal: 'query',
    repeat: true,
    doc: 'Add a hypothetical search for this text just before as-of.',
  },
  { name: 'view', type: 'ad', repeat: true, doc: 'Add a hypothetical view of this ad just before as-of.' },
  { name: 'purchase', type: 'ad', repeat: true, doc: 'Add a hypothetical purchase of this ad just before as-of.' },
  { name: 'friend', type: 'user', repeat: true, doc: 'Add this user as a hypothetical friend.' },
  { name: 'no-eligibility', type: 'flag', doc: 'Skip the eligibility filters.' },
  {
    name: 'query',
    type: 'path',
    doc: 'A RecallQuery to start from: a file, - for stdin, or the JSON itself: the "query" field of any answer.',
  },
];
