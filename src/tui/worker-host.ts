import { t } from '../base/texts.ts';
import { Worker } from 'node:worker_threads';
import { toPlain, type PlainError } from '../errors.ts';
import type { Host, HostReply } from '../state/protocol.ts';

/** What a host that is told to close may take. */
const closingMs = 250;

/**
 * The host in a worker thread: native work never runs on the thread that draws. What it prints goes
 * nowhere near the screen.
 */
export const workerHost = (url: URL, env: Readonly<Record<string, string | undefined>>): Host => {
  const worker = new Worker(url, { stdout: true, stderr: true, env: { ...env } });
  // Unread pipes would fill up; nobody reads them while the screen is drawn.
  worker.stdout.resume();
  worker.stderr.resume();
  let closing = false;
  // The thread may end before anything listens: that is kept until something does.
  let lost: PlainError | null = null;
  let tell = (error: PlainError): void => {
    lost = error;
  };
  // An exit follows an error, and says less.
  let failed = false;
  worker.on('error', (error) => {
    failed = true;
    tell(toPlain(error));
  });
  worker.on('exit', (code) => {
    if (closing || failed) return;
    tell({
      code: 'internal',
      message: t('the host thread ended with code {code}', { code }),
      todo: t('quit and start again; --debug prints the stack'),
    });
  });
  return {
    send: (request) => {
      worker.postMessage(request);
    },
    listen(reply, gone) {
      worker.on('message', (message: HostReply) => {
        reply(message);
      });
      tell = gone;
      if (lost !== null) gone(lost);
    },
    async close() {
      closing = true;
      const ended = new Promise<void>((resolve) => {
        worker.once('exit', () => {
          resolve();
        });
      });
      worker.postMessage({ type: 'close' });
      // Time to end a recording; native work under way does not listen.
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, closingMs).unref();
      });
      await Promise.race([ended, late]);
      await worker.terminate();
    },
  };
};
