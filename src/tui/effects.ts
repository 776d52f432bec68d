import type { PlainError } from '../errors.ts';
import type { Host } from '../state/protocol.ts';
import type { Effect } from '../state/state.ts';
import type { FileTask } from '../state/types.ts';

export interface EffectHandlers {
  readonly suspend: () => void;
  readonly exit: (code: number, error: PlainError | undefined) => void;
  readonly task: (id: number, task: FileTask) => void;
  readonly remember: (line: string) => void;
  readonly copy: (text: string) => void;
}

/** Performs what `update` asked for. Answers come back as messages of the host. */
export const runEffects =
  (host: Host, handlers: EffectHandlers) =>
  (effect: Effect): void => {
    switch (effect.type) {
      case 'open':
        return host.send({ type: 'open', id: effect.id, dir: effect.dir });
      case 'call':
        return host.send({
          type: 'call',
          id: effect.id,
          command: effect.command,
          args: effect.args,
          baseQuery: effect.baseQuery,
          ...(effect.recorded === true ? { recorded: true } : {}),
        });
      case 'abort':
        return host.send({ type: 'abort', id: effect.id });
      case 'keep':
        return host.send({ type: 'keep', position: effect.position });
      case 'task':
        return handlers.task(effect.id, effect.task);
      case 'remember':
        return handlers.remember(effect.line);
      case 'copy':
        return handlers.copy(effect.text);
      case 'suspend':
        return handlers.suspend();
      case 'exit':
        return handlers.exit(effect.code, effect.error);
    }
  };
