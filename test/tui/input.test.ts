import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Msg } from '../../src/state/state.ts';
import { listenToKeys, pasteMs } from '../../src/tui/input.ts';

const typing = (): { readonly type: (text: string) => void; readonly said: string[] } => {
  const stdin = new PassThrough({ encoding: 'utf8' });
  const said: string[] = [];
  const hear = (msg: Msg): void => {
    said.push(msg.type === 'paste' ? `paste:${msg.text}` : msg.type === 'key' ? msg.key : msg.type);
  };
  listenToKeys(stdin, hear, () => undefined);
  return { type: (text) => stdin.emit('data', text), said };
};

describe('a paste', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('comes as one from any number of pieces', () => {
    const { type, said } = typing();
    for (const piece of ['\u001b[200~one', ' two\u001b[20', '1~j']) {
      type(piece);
      vi.advanceTimersByTime(pasteMs - 1);
    }
    expect(said).toEqual(['paste:one two', 'j']);
  });

  it('ends by itself where its end is lost: what came is pasted, and keys are keys again', () => {
    const { type, said } = typing();
    type('\u001b[200~one\u001b[20');
    vi.advanceTimersByTime(pasteMs);
    type('j');
    expect(said).toEqual(['paste:one', 'j']);
  });

  it('leaves ctrl-c a key where its end is lost', () => {
    const { type, said } = typing();
    type('\u001b[200~one');
    type('\u0003');
    expect(said).toEqual(['paste:one', 'ctrl-c']);
  });
});
