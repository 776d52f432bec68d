import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/console/command.ts';
import { globalArgs } from '../../src/console/globals.ts';
import { issueError } from '../../src/console/issue.ts';
import { parseLine } from '../../src/console/parse.ts';
import { commands } from '../../src/commands/registry.ts';
import { linesOf } from '../../src/views/answers/answer-views.ts';
import { commandHelp, programHelp } from '../../src/views/text/help.ts';
import { renderPlain } from '../../src/views/text/render.ts';
import { fakeContext, fakeWorkspace } from '../commands/fake-workspace.ts';

/**
 * Goldens are written where there is none; a difference fails. To accept one: `npx vitest run -u` on this
 * file, then read the diff.
 */
const golden = (name: string): string => `../golden/${name}.txt`;
/** Rounding noise is not compared. */
const block = (lines: readonly string[]): string =>
  `${lines.join('\n').replace(/(residual|to) -?\d(?:\.\d)?e-\d+/g, '$1 1e-9')}\n`;

describe('the text of --help', () => {
  it('lists for the program the commands by family', async () => {
    await expect(block(renderPlain(programHelp(commands, 100)))).toMatchFileSnapshot(golden('help/program'));
  });

  it.each(commands.map((c): [string, Command] => [c.id, c]))('follows the record of %s', async (id, command) => {
    await expect(block(renderPlain(commandHelp(command, 100)))).toMatchFileSnapshot(golden(`help/${id}`));
  });

  it('has examples that parse, each as a line of its own command', () => {
    for (const command of commands) {
      for (const example of command.examples ?? []) {
        const outcome = parseLine(example.split('|')[0] ?? '', { commands, globals: globalArgs });
        if (!outcome.ok) throw issueError(outcome.issue);
        expect(outcome.parsed.command?.id, example).toBe(command.id);
      }
    }
  });
});

describe('the readable answer', () => {
  const workspace = fakeWorkspace();
  const context = fakeContext(workspace);
  const [recalled = '', missing = ''] = ['ad-0007', 'ad-0042'];
  const cases: ReadonlyArray<readonly [string, string]> = [
    ['recall', 'recall u1 --mode merged --check-ann'],
    ['recall-model', 'recall u2 -k 5'],
    ['compare', 'compare u1'],
    ['users', 'users'],
    ['users-none', 'users nobody'],
    ['events', 'events u1 --limit 12'],
    ['inputs', 'inputs u1'],
    ['ads', 'ads smart --limit 5'],
    ['ad', `ad ${recalled} --user u1`],
    ['weights', 'weights u1 --weight search=1.6'],
    ['presets', 'presets'],
    ['explain', `explain u1 ${recalled}`],
    ['explain-list', 'explain u1 -k 5'],
    ['contrast', `contrast u1 ${recalled} ${missing}`],
    ['why-not', `why-not u1 ${missing} --mode merged --all-channels`],
    ['counterfactual', `counterfactual u1 ${missing}`],
    ['stability', 'stability u1'],
    ['scores', 'scores u1 --bins 6'],
    ['audience', `audience ${recalled}`],
    ['funnel', `funnel ${missing} --mode merged`],
    ['funnel-campaign', 'funnel campaign:c2 -k 5 --reason below-cutoff --limit 3'],
    ['commands', 'commands'],
  ];

  it.each(cases)('matches its golden file: %s', async (name, line) => {
    const outcome = parseLine(line, { commands, globals: [] });
    if (!outcome.ok || outcome.parsed.command === null) throw new Error(line);
    const result = await outcome.parsed.command.run(context, outcome.parsed.args);
    const wide = renderPlain(linesOf(result, 120));
    await expect(block([`$ recall-tui ${line}`, ...wide])).toMatchFileSnapshot(golden(`views/${name}`));
    expect(renderPlain(linesOf(result, 40)).filter((l) => l.length > 40)).toEqual([]);
  });
});
