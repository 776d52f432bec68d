import type { PlainError } from '../errors.ts';
import type { Host } from '../state/protocol.ts';
import type { Effect } from '../state/state.ts';

export interface EffectHandlers { readonly suspend: () => void; readonly exit: (code: number, error: PlainError | undefined) => void }

/** Performs what `update` asked for. Answers come back as messages of the host. */
export const runEffects = (host: Host, handlers: EffectHandlers) => (effect: Effect): void => {
  switch (effect.type) {
    case 'open': return host.send({ type: 'open', id: effect.id, dir: effect.dir });
    case 'call': return host.send({ type: 'call', id: effect.id, command: effect.command, args: effect.args, baseQuery: effect.baseQuery, ...(effect.recorded === true ? { recorded: true } : {}) });
    case 'abort': return host.send({ type: 'abort', id: effect.id });
    case 'keep': return host.send({ type: 'keep', position: effect.position });
    case 'suspend': return handlers.suspend();
    case 'exit': return handlers.exit(effect.code, effect.error);
  }
};
