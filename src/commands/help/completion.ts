import { RecallError } from '../../errors.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { completionScript, shells } from '../../console/completion-scripts.ts';

/** Made from the table it is part of, like `commands`. */
export const completionCommand = (all: () => readonly Command[]): Command<'completion'> => ({
  id: 'completion',
  title: 'Print a shell completion script',
  doc: 'Prints the completion script of a shell; load it with: source <(recall-tui completion bash).',
  family: 'help',
  needs: 'nothing',
  args: [{ name: 'shell', type: 'choice', position: 0, required: true, choices: shells, doc: 'The shell.' }],
  examples: ['completion bash', 'completion fish'],
  run: (_context, args) => {
    const shell = shells.find((s) => s === textArg(args, 'shell'));
    if (shell === undefined) throw new RecallError('usage', 'no shell', { expected: `one of ${shells.join(', ')}` });
    return Promise.resolve({ schema: 'completion', data: { shell, script: completionScript(shell, all()) } });
  },
});
