import type { ScrubData } from '../../answers/change.ts';
import { scrubStop, scrubSteps } from '../../engine/scrub.ts';
import { queryAt } from '../../engine/what-if.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { queryFromArgs } from '../query/args.ts';
import { lacksUser } from '../../console/needs.ts';

export const scrubCommand: Command<'scrub'> = {
  id: 'scrub',
  title: 'Move as-of to another behaviour or day',
  doc: 'Moves as-of to the user’s next or previous behaviour, or by a day, and runs the query at that instant.',
  family: 'change',
  needs: 'workspace',
  takesQuery: true,
  when: ({ userId }) => userId !== null || lacksUser(),
  args: [
    { name: 'user', type: 'user', position: 0, doc: 'The user (default: that of --query).' },
    {
      name: 'step',
      type: 'choice',
      choices: scrubSteps,
      default: 'next-event',
      doc: 'Direction and size of the step.',
    },
  ],
  examples: ['scrub u-00412 --step previous-event'],
  run: async (context, args) => {
    const { engine } = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const step = scrubSteps.find((one) => one === textArg(args, 'step')) ?? 'next-event';
    const stop = scrubStop(engine.core, query, step);
    const data: ScrubData = { step, stop, asOf: stop?.asOf ?? query.asOf };
    return {
      schema: 'scrub',
      query: stop === null ? query : queryAt(engine.core, query, stop.asOf),
      data,
    };
  },
};
