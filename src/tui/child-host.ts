import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { t } from '../base/texts.ts';
import type { PlainError } from '../errors.ts';
import type { Host, HostReply, HostRequest } from '../state/protocol.ts';

/** What a host that is told to close may take, ms. */
const closingMs = 250;

/** What the process says before it ends by a fault of its own. */
export interface Crashed {
  readonly type: 'crashed';
  readonly error: PlainError;
}

/** So much of what it printed last is kept. */
const keptText = 4096;

/** The line by which Node, V8 or native code says why it ends; null: none does. */
const reasonIn = (printed: string): string | null =>
  printed.split('\n').findLast((line) => /^(?=\S).*(error|terminate called|abort|out of memory)/i.test(line)) ?? null;

/** Nothing within a process sends it this: a person did, or the system, which had no memory left for it. */
const killedFromOutside = (): PlainError => ({
  code: 'cancelled',
  message: t('the process that answers was killed from outside (SIGKILL)'),
  found: t('no memory left on this machine or in its container, or a kill by hand'),
  todo: t('free memory, or open a smaller workspace; the log of the system names what was killed'),
});

const endedBy = (code: number | null, signal: NodeJS.Signals | null, printed: string): PlainError => {
  if (signal === 'SIGKILL') return killedFromOutside();
  const found = reasonIn(printed);
  return {
    code: 'internal',
    message:
      signal === null
        ? t('the process that answers ended with code {code}', { code: code ?? 'null' })
        : t('the process that answers was ended by {signal}', { signal }),
    ...(found === null ? {} : { found }),
    todo: t('reopen the workspace; doctor checks its files'),
  };
};

/**
 * The host in a process of its own: native work never runs where the screen is drawn, and what ends that process leaves
 * the screen standing. After its end the next `open` starts another. What it prints goes nowhere near the screen.
 */
export const childHost = (url: URL, env: Readonly<Record<string, string | undefined>>): Host => {
  let reply: (reply: HostReply) => void = () => undefined;
  let tell: ((error: PlainError) => void) | null = null;
  // It may end before anything listens: that is kept until something does.
  let lost: PlainError | null = null;
  const gone = (error: PlainError): void => {
    if (tell === null) lost = error;
    else tell(error);
  };
  const start = (): ChildProcess => {
    const child = fork(fileURLToPath(url), [], {
      env: { ...env },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let printed = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-keptText);
    });
    // A failed start is followed by no exit, and an exit after a fault says less than the fault.
    let said = false;
    const end = (error: PlainError): void => {
      if (said || child !== current) return;
      said = true;
      current = null;
      gone(error);
    };
    child.on('message', (message: HostReply | Crashed) => {
      if (message.type === 'crashed') end(message.error);
      else if (child === current) reply(message);
    });
    child.on('error', (cause) => {
      end({ code: 'internal', message: t('the process that answers failed: {reason}', { reason: cause.message }) });
    });
    // After its last output has been read.
    child.on('close', (code, signal) => {
      end(endedBy(code, signal, printed));
    });
    return child;
  };
  let current: ChildProcess | null = null;
  current = start();
  return {
    send(request: HostRequest) {
      if (current === null && request.type === 'open') current = start();
      // A process that has just ended takes no more; its end is told by itself.
      if (current?.connected === true) current.send(request, () => undefined);
    },
    listen(onReply, onGone) {
      reply = onReply;
      tell = onGone;
      if (lost !== null) onGone(lost);
      lost = null;
    },
    async close() {
      const child = current;
      current = null;
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => {
        child.once('exit', () => {
          resolve();
        });
      });
      if (child.connected) child.send({ type: 'close' } satisfies HostRequest, () => undefined);
      // Time to end a recording; native work under way does not listen.
      const late = setTimeout(() => child.kill('SIGKILL'), closingMs);
      await ended;
      clearTimeout(late);
    },
  };
};
