import type { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as TfModule from '@tensorflow/tfjs';
import { RecallError } from '../../errors.ts';
import type { BackendInfo } from '../../engine/ports/ports.ts';

export type Tf = typeof TfModule;
export interface Backend {
  readonly tf: Tf;
  readonly info: BackendInfo;
}

/**
 * The one place where TensorFlow is chosen. tfjs-node where it is installed and computes rightly,
 * otherwise WebAssembly; never the plain JavaScript backend, which is 5 to 15 times slower.
 * `require`, not `import`: the ESM build of tfjs-core registers no gradients. The work of choosing is
 * done once per thread.
 */
export const loadBackend = (): Promise<Backend> => (chosen ??= choose());

let chosen: Promise<Backend> | undefined;

const choose = async (): Promise<Backend> => {
  const native = await tryNative();
  if ('backend' in native) return native.backend;
  return loadWasm(native.reason);
};

const isTf = (value: unknown): value is Tf =>
  typeof value === 'object' && value !== null && 'matMul' in value && 'variable' in value && 'setBackend' in value;

const isVersion = (value: unknown): value is string => typeof value === 'string';

const versionOf = (tf: Tf): string => {
  const version: unknown = Reflect.get(tf.version, 'tfjs-core');
  return isVersion(version) ? version : 'unknown';
};

/** Optional dependency: absent where its library could not be downloaded, broken on newer Node. */
const tryNative = async (): Promise<{ backend: Backend } | { reason: string }> => {
  const name = '@tensorflow/tfjs-node';
  let loaded: unknown;
  try {
    loaded = await import(name);
  } catch (error) {
    const missing =
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND');
    return { reason: missing ? 'tfjs-node is not installed' : `tfjs-node does not load: ${firstLine(error)}` };
  }
  const tf = typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : loaded;
  if (!isTf(tf)) return { reason: 'tfjs-node does not export TensorFlow' };
  try {
    await selfTest(tf);
    return {
      backend: {
        tf,
        info: { name: 'tfjs-node', version: versionOf(tf), reason: 'installed, and its self-test passed' },
      },
    };
  } catch (error) {
    return { reason: `tfjs-node fails its self-test: ${firstLine(error)}` };
  }
};

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';

const loadWasm = async (reason: string): Promise<Backend> => {
  const require = createRequire(import.meta.url);
  const tf: unknown = require('@tensorflow/tfjs');
  if (!isTf(tf)) throw new RecallError('internal', '@tensorflow/tfjs does not export TensorFlow');
  const wasm: unknown = require('@tensorflow/tfjs-backend-wasm');
  const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
  setPaths(wasm, existsSync(join(folder, 'tfjs-backend-wasm-simd.wasm')) ? folder : dirname(folder));
  const started = await quietly(() => withoutHandlers(() => tf.setBackend('wasm')));
  if (!started || tf.getBackend() !== 'wasm') {
    throw new RecallError('unsupported', 'the WebAssembly backend of TensorFlow does not start', {
      expected: 'the backend "wasm"',
      found: tf.getBackend(),
      todo: 'reinstall @tensorflow/tfjs-backend-wasm',
    });
  }
  await tf.ready();
  await selfTest(tf);
  return { tf, info: { name: 'wasm', version: versionOf(tf), reason } };
};

const setPaths = (wasm: unknown, folder: string): void => {
  if (
    typeof wasm !== 'object' ||
    wasm === null ||
    !('setWasmPaths' in wasm) ||
    typeof wasm.setWasmPaths !== 'function'
  ) {
    throw new RecallError('internal', '@tensorflow/tfjs-backend-wasm has no setWasmPaths');
  }
  wasm.setWasmPaths(`${folder}/`);
};

/** TensorFlow greets and warns on the console; both are suppressed. */
export const quietly = async <T>(work: () => Promise<T>): Promise<T> => {
  const { warn, log, info } = console;
  const hush = (): void => undefined;
  Object.assign(console, { warn: hush, log: hush, info: hush });
  try {
    return await work();
  } finally {
    Object.assign(console, { warn, log, info });
  }
};

const fatal = ['uncaughtException', 'unhandledRejection'];

/**
 * The WebAssembly module takes over the process's last error handlers and rethrows from a line of 30 kB,
 * which Node then prints. How this process dies is not its business.
 */
const withoutHandlers = async <T>(work: () => Promise<T>): Promise<T> => {
  const events: EventEmitter = process;
  const before = fatal.map((event) => new Set(events.listeners(event)));
  try {
    return await work();
  } finally {
    fatal.forEach((event, i) => {
      for (const listener of events.listeners(event))
        if (before[i]?.has(listener) === false) events.removeListener(event, callable(listener));
    });
  }
};

/** `listeners` is typed as Function[], `removeListener` wants to know that it can be called. */
const callable = (listener: unknown): (() => void) => {
  if (!isCallable(listener)) throw new RecallError('internal', 'a listener is not a function');
  return listener;
};

const isCallable = (value: unknown): value is () => void => typeof value === 'function';

/** A product, a ReLU and a gradient with known answers; anything else than these is not to be trusted. */
const selfTest = async (tf: Tf): Promise<void> => {
  const [value, gradient] = tf.tidy(() => {
    const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const b = tf.tensor2d([-1, 0.5, 2, -3], [2, 2]);
    const f = (x: TfModule.Tensor): TfModule.Scalar => tf.sum(tf.square(tf.relu(tf.matMul(x, b)))).asScalar();
    return [f(a), tf.grad((x) => f(x))(a)];
  });
  const found = [...(await value.data()), ...(await gradient.data())];
  value.dispose();
  gradient.dispose();
  // a·b = [3 −5.5; 5 −10.5] → relu [3 0; 5 0] → 9 + 25; gradient 2·relu·bᵀ
  const expected = [34, -6, 12, -10, 20];
  if (!expected.every((e, i) => Math.abs(e - (found[i] ?? Number.NaN)) < 1e-4)) {
    throw new RecallError('unsupported', 'TensorFlow computes wrongly here', {
      expected: expected.join(' '),
      found: found.join(' '),
    });
  }
};
