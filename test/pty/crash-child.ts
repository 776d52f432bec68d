import type { PartialAnswer } from '../support/partial-answer.ts';
import { startTui } from '../../src/tui/start.tsx';
import { childHost } from '../../src/tui/child-host.ts';
import { FakeHost, type Answer } from '../support/fake-host.ts';
import { info, smallWorld } from '../support/small-world.ts';

/*
 * The screen with a fault of ours in it: `view` draws a list whose evidence throws as a view reads it,
 * `worker` has a host that throws at its first request.
 */
const [fault] = process.argv.slice(2);

/** Evidence that throws where a view reads it, and nowhere else. */
const poison = new Proxy(
  {},
  {
    get: () => {
      if (/[\\/]views[\\/]/.test(new Error().stack ?? '')) throw new Error('thrown in a view');
      return undefined;
    },
  },
);

const poisoned = (result: PartialAnswer): PartialAnswer => {
  const found = 'candidates' in result.data ? result.data.candidates : [];
  const candidates: readonly Record<string, unknown>[] = Array.isArray(found) ? found : [];
  const channels = [{ channel: 'keyword', rank: 1, score: 1, evidence: poison }];
  return {
    ...result,
    data: { ...result.data, candidates: candidates.map((candidate) => ({ ...candidate, channels })) },
  };
};

const answer: Answer = (command, args, baseQuery) => {
  const given = smallWorld(command, args, baseQuery);
  return fault === 'view' && command === 'recall' && 'schema' in given ? poisoned(given) : given;
};

process.exitCode = await startTui({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  ...(fault === 'worker'
    ? { host: childHost(new URL('./throwing-host.mjs', import.meta.url), process.env) }
    : { host: new FakeHost(info, answer) }),
});
