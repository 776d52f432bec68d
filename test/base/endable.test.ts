import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endable, onSignals } from '../../src/base/endable.ts';

const source = new URL('../../src/base/endable.ts', import.meta.url).href;

/** A process that listens to ctrl-c, says `ready`, and then works for a long time in one go. */
const worker = (work: string): ReturnType<typeof spawn> =>
  spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      `import { endable, onSignals } from '${source}';
       onSignals(['SIGINT'], () => { process.stdout.write('heard'); process.exitCode = 130; });
       const long = () => { process.stdout.write('ready'); for (const until = Date.now() + 20_000; Date.now() < until;); };
       ${work}`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], cwd: new URL('../..', import.meta.url) },
  );

const interrupted = async (
  child: ReturnType<typeof spawn>,
): Promise<{ ended: unknown[]; said: string; ms: number }> => {
  let said = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('ready')) resolve();
    });
  });
  await ready;
  const since = performance.now();
  child.kill('SIGINT');
  const ended = await once(child, 'close');
  return { ended, said, ms: performance.now() - since };
};

describe('work that lets nothing else run', () => {
  it('ends with its process at ctrl-c, as by the signal itself, within a second', async () => {
    const { ended, said, ms } = await interrupted(worker('endable(() => endable(long));'));
    expect(ended).toEqual([null, 'SIGINT']);
    expect(said).toBe('ready');
    expect(ms).toBeLessThan(1_000);
  });

  it('leaves the callback to work before and after it', async () => {
    const child = worker(`endable(() => endable(() => undefined));
      try { endable(() => { throw new Error('as work fails'); }); } catch {}
      process.stdout.write('ready');
      const wait = setInterval(() => { if (process.exitCode === 130) clearInterval(wait); }, 10);`);
    expect(await interrupted(child)).toMatchObject({ ended: [130, null], said: 'readyheard' });
  });

  it('gives back its value, and listens no longer than asked', () => {
    const before = process.listenerCount('SIGTERM');
    const stop = onSignals(['SIGTERM'], () => undefined);
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    expect(endable(() => process.listenerCount('SIGTERM'))).toBe(before);
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    endable(stop);
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});
