import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadBackend } from '../../../src/adapters/tfjs/backend.ts';

// as they were before the module was first used
const handlers = [process.listenerCount('uncaughtException'), process.listenerCount('unhandledRejection')];

describe('the TensorFlow backend', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is native or WebAssembly, gives the reason, and prints no banner', async () => {
    const spies = [vi.spyOn(console, 'log'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'info')];
    const { tf, info } = await loadBackend();
    expect(['tfjs-node', 'wasm']).toContain(info.name);
    expect(info.reason).not.toBe('');
    expect(info.version).toMatch(/^\d+\.\d+/);
    expect(tf.getBackend()).not.toBe('cpu');
    expect(spies.flatMap((s) => s.mock.calls)).toEqual([]);
  });

  it('leaves the process its own error handlers', () => {
    expect([process.listenerCount('uncaughtException'), process.listenerCount('unhandledRejection')]).toEqual(handlers);
  });

  it('is chosen once', () => {
    expect(loadBackend()).toBe(loadBackend());
  });
});
