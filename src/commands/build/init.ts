import { shellWord } from '../../base/shell.ts';
import { RecallError } from '../../errors.ts';
import type { Overrides } from '../../domain/sample/guess-overrides.ts';
import { timeUnits } from '../../base/time.ts';
import { proposeWorkspace, writeProposal, type Proposal } from '../../ingest/init/propose.ts';
import type { Check } from '../../workspace/doctor/check.ts';
import type { Manifest } from '../../workspace/manifest/manifest.ts';
import { lackingIn as modelLacks } from '../../workspace/models/index.ts';
import { examineManifest } from '../../workspace/doctor/doctor.ts';
import { flagArg, listArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';

const spaces = ['ip', 'cosine', 'l2'] as const;

const overridesFrom = (args: ArgValues): Overrides =>
  new Map(
    listArg(args, 'map').map((text) => {
      const found = /^((?:users|ads|events)\.\w+)=(.+?)(?::(\w+))?$/.exec(text);
      const unit = timeUnits.find((known) => known === found?.[3]) ?? null;
      if (found === null || (found[3] !== undefined && unit === null))
        throw new RecallError('usage', `--map ${text} is not understood`, {
          expected: `TABLE.FIELD=COLUMN[:UNIT], as events.at=ts:s; units ${timeUnits.join(', ')}`,
          found: text,
        });
      return [found[1] ?? '', { column: found[2] ?? '', unit }];
    }),
  );

/** Yes by --yes, or by the person at the terminal. */
const agreed = async (context: CommandContext, args: ArgValues, lines: readonly string[]): Promise<boolean> => {
  if (flagArg(args, 'yes')) return true;
  if (context.ask === undefined) return false;
  const answer = await context.ask(`${lines.join('\n')}\nWrite recall.json? [y/N] `);
  return /^y(es)?$/i.test(answer?.trim() ?? '');
};

/** A team's own index is used as it is; without vectors or index there is something to build first. */
const nextOf = ({ index, model, vectors }: Manifest, dir: string): string => {
  if (index === null) return `recall-tui index ${shellWord(dir)}`;
  return model === null || vectors === null ? `recall-tui doctor ${shellWord(dir)}` : `recall-tui -w ${shellWord(dir)}`;
};

/** Questions that the new workspace cannot answer yet, and how to enable them. */
const lackingIn = ({ index, i2i, model }: Manifest, dir: string): string[] => [
  ...(index === null || i2i !== null
    ? []
    : [
        `no item-to-item neighbours yet: recall-tui index ${shellWord(dir)} --only i2i builds them and keeps your index`,
      ]),
  ...(model === null ? [] : [modelLacks(model)].filter((line) => line !== null)),
];

const nextAfter = ({ manifest, dir }: Proposal, written: boolean, failed: number): string => {
  if (!written) return `recall-tui init ${shellWord(dir)} --yes`;
  return failed === 0 ? nextOf(manifest, dir) : `recall-tui doctor ${shellWord(dir)}`;
};

const whyUnwritten = (written: boolean, failed: readonly Check[]): string[] => {
  if (written) return [];
  if (failed.length === 0) return ['nothing was written: add --yes, or say yes at a terminal'];
  return [
    ...failed.map(({ name, expected, found }) => `${name}: expected ${expected}; found ${found}`),
    `nothing was written, for doctor found this: mend it and run init again, or add --force to write recall.json all the same`,
  ];
};

export const initCommand: Command<'init'> = {
  id: 'init',
  title: 'Make a workspace from a team’s folder',
  doc: 'Examines the files in DIR (SQLite; .npy or .fvecs with a file of ids; an hnswlib index with its labels; a served log), which it recognises by their content, and proposes a workspace with a reason for each decision. After consent, and if doctor passes, it writes recall.json, rules.json and key.hex. The team’s files are only read. If several readings fit, it stops and lists the choices.',
  family: 'build',
  needs: 'nothing',
  args: [
    { name: 'dir', type: 'path', position: 0, required: true, doc: 'The folder with the team’s files.' },
    {
      name: 'map',
      type: 'string',
      repeat: true,
      doc: 'Names the column of a field, and the unit of a time: events.at=ts:s; or the file of a part: ads.vectors, ads.ids, ads.index, ads.labels, users.vectors, users.ids (none for vectors or index takes none).',
    },
    {
      name: 'space',
      type: 'choice',
      choices: spaces,
      doc: 'The space of the index, or of ad vectors without an index, if their content does not show it.',
    },
    {
      name: 'built-until',
      type: 'time',
      doc: 'The end of the behaviour in the user vectors: a query with an as-of before it is flagged as a leak. Without it, leaks of the vectors cannot be flagged.',
    },
    { name: 'yes', type: 'flag', doc: 'Write the proposal without asking.' },
    {
      name: 'force',
      type: 'flag',
      doc: 'Replace an existing recall.json, and write even if a check of doctor fails.',
    },
  ],
  examples: ['init export --yes', 'init export --map events.at=ts:s --map ads.title=name --yes'],
  run: async (context, args) => {
    const started = performance.now();
    const { tools, signal } = context;
    const onProgress = (stage: string, done: number, total: number | null): void => {
      context.progress({ stage, done, total });
    };
    const proposal = await proposeWorkspace({
      dir: textArg(args, 'dir') ?? '.',
      overrides: overridesFrom(args),
      space: spaces.find((known) => known === textArg(args, 'space')) ?? null,
      force: flagArg(args, 'force'),
      builtUntil: numberArg(args, 'built-until') ?? null,
      tools,
      signal,
      onProgress,
    });
    const { dir, files, guesses, manifest, notices } = proposal;
    const yes = await agreed(
      context,
      args,
      guesses.map(({ field, value, evidence }) => `${field}: ${value} (${evidence})`),
    );
    const checks = yes ? (await examineManifest(dir, manifest, tools)).checks : [];
    const failed = checks.filter((check) => !check.ok);
    const written = yes && (failed.length === 0 || flagArg(args, 'force'));
    if (written) await writeProposal(proposal, tools);
    const { users, ads, events, tables } = manifest.sample ?? { users: 0, ads: 0, events: 0, tables: undefined };
    return {
      schema: 'init',
      data: {
        dir,
        name: manifest.name,
        written,
        files,
        guesses,
        counts: { users, ads, events },
        mapping: tables ?? null,
        groups: manifest.groups.map(({ name, kinds }) => ({ group: name, kinds })),
        engagementKinds: manifest.engagementKinds,
        asOf: manifest.asOf,
        checks,
        failed: failed.length,
        next: nextAfter(proposal, written, failed.length),
      },
      exitCode: failed.length === 0 ? 0 : 1,
      notices: [
        ...notices,
        ...whyUnwritten(written, failed),
        ...(failed.length === 0 || written ? lackingIn(manifest, dir) : []),
      ],
      timingsMs: { total: performance.now() - started },
    };
  },
};
