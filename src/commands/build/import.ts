import { shellWord } from '../../base/shell.ts';
import { RecallError } from '../../errors.ts';
import { formats } from '../../ingest/formats/index.ts';
import { importWorkspace } from '../../ingest/import-workspace.ts';
import type { Manifest } from '../../workspace/manifest/manifest.ts';
import { textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command } from '../../console/command.ts';

const required = (args: ArgValues, name: string): string => {
  const value = textArg(args, name);
  if (value !== undefined && value !== '') return value;
  throw new RecallError('usage', `import needs ${name === 'out' ? '--out' : name.toUpperCase()}`, {
    expected: 'import FORMAT SOURCE --out DIR',
    found: 'nothing',
  });
};

/** The decisions of the import where the source left a choice, in sentences. */
const decisionsOf = ({ import: entry }: Manifest): string[] => {
  const decisions = entry?.['decisions'];
  return Array.isArray(decisions) ? decisions.filter((one) => typeof one === 'string') : [];
};

const describe = formats.map(({ id, title }) => `${id}: ${title}`).join('; ');

export const importCommand: Command<'import'> = {
  id: 'import',
  title: 'Import data into a workspace',
  doc: `Reads public data or your own into DIR/sample.sqlite and writes the manifest, the rules and the key if they are missing. Rows that cannot be used are counted by reason and written to DIR/rejects.jsonl. Importing again replaces the sample; artefacts built from the old one are dropped from the manifest. Formats: ${describe}.`,
  family: 'build',
  needs: 'nothing',
  args: [
    {
      name: 'format',
      type: 'choice',
      position: 0,
      required: true,
      choices: formats.map(({ id }) => id),
      doc: 'Format of the source.',
    },
    { name: 'source', type: 'path', position: 1, required: true, doc: 'The folder with the source files.' },
    { name: 'out', type: 'path', required: true, doc: 'The folder of the workspace, new or existing.' },
    { name: 'name', type: 'string', doc: 'Name of the workspace (default: that of the format).' },
    {
      name: 'mapping',
      type: 'path',
      doc: 'csv only: a JSON file {"users":{"userId":"their column"},"ads":{…},"events":{…},"friends":{…}}.',
    },
  ],
  examples: ['import csv export/ --out shop', 'import completejourney data/completejourney --out grocery'],
  run: async (context, args) => {
    const started = performance.now();
    const { out, manifest, counts, rows, dropped } = await importWorkspace({
      format: required(args, 'format'),
      source: required(args, 'source'),
      out: required(args, 'out'),
      name: textArg(args, 'name') ?? null,
      mappingFile: textArg(args, 'mapping') ?? null,
      tools: context.tools,
      signal: context.signal,
      onProgress: (stage, done, total) => context.progress({ stage, done, total }),
    });
    const { asOf, engagementKinds, syntheticTimes, groups } = manifest;
    return {
      schema: 'import',
      data: {
        rows,
        counts,
        out,
        name: manifest.name,
        asOf,
        engagementKinds,
        syntheticTimes,
        groups: groups.map(({ name, kinds }) => ({ group: name, kinds })),
        decisions: decisionsOf(manifest),
        dropped,
        next: counts.events === 0 ? `recall-tui ads -w ${shellWord(out)}` : `recall-tui train ${shellWord(out)}`,
      },
      notices:
        dropped.length === 0
          ? []
          : [`the sample is another one now: ${dropped.join(', ')} no longer fit and were dropped from the manifest`],
      timingsMs: { total: performance.now() - started },
    };
  },
};
