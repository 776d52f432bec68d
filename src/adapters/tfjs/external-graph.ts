import { join } from 'node:path';
import type { GraphModel, io, LayersModel, NamedTensorMap, Tensor } from '@tensorflow/tfjs';
import type { TfjsSpec } from '../../domain/external-model.ts';
import { RecallError } from '../../errors.ts';
import type { BackendInfo } from '../../engine/ports/ports.ts';
import { loadBackend, quietly } from './backend.ts';
import type { Tf } from './backend.ts';

interface Signature {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly dtype: string;
}
export interface Feed {
  readonly name: string;
  readonly data: Float32Array;
  readonly length: number;
}

export interface ExternalGraph {
  readonly backend: BackendInfo;
  /** rows×dim as the graph gives them. Throws `unsupported` (an operation the backend lacks), `bad-model` (shape, type, not finite). */
  run(feeds: readonly Feed[], rows: number): Float32Array;
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';

/** The kernel a backend lacks, or the graph that TensorFlow refuses, as an error for a person. */
const runError = (path: string, error: unknown, backend: string): RecallError => {
  if (error instanceof RecallError) return error;
  const op = /[Kk]ernel '([^']+)' not registered/.exec(firstLine(error))?.[1];
  if (op !== undefined)
    return new RecallError('unsupported', `${path}: the operation ${op} is not in TensorFlow's backend ${backend}`, {
      expected: 'operations that the backend has',
      found: op,
      todo: 'set model.backend to "cpu" in recall.json: plain JavaScript, 5 to 15 times slower',
      cause: error,
    });
  return new RecallError('bad-model', `${path}: TensorFlow cannot run it`, {
    expected: 'inputs as the graph names them',
    found: firstLine(error),
    todo: 'compare model.inputs in recall.json with the model',
    cause: error,
  });
};

const loadAny = async (
  tf: Tf,
  path: string,
  artifacts: io.ModelArtifacts,
  kind: TfjsSpec['kind'],
): Promise<GraphModel | LayersModel> => {
  try {
    const source = tf.io.fromMemory(artifacts);
    return await (kind === 'tfjs-graph' ? tf.loadGraphModel(source) : tf.loadLayersModel(source));
  } catch (cause) {
    throw new RecallError('bad-model', `${path}: TensorFlow does not load it as ${kind}`, {
      expected: kind === 'tfjs-graph' ? 'a GraphModel' : 'a LayersModel',
      found: firstLine(cause),
      todo: 'check model.kind in recall.json, or convert the model again',
      cause,
    });
  }
};

const isLayers = (model: GraphModel | LayersModel): model is LayersModel => 'layers' in model;

const inputsOf = (model: GraphModel | LayersModel): Signature[] =>
  isLayers(model)
    ? model.inputs.map(({ shape, dtype }, i) => ({ name: model.inputNames[i] ?? '', shape, dtype }))
    : model.inputs.map(({ name, shape, dtype }) => ({ name, shape: shape ?? [], dtype }));

/** Every input of the graph has its line in the manifest, and the other way round, of the right rank and length. */
const checkInputs = (path: string, found: readonly Signature[], { inputs }: TfjsSpec): void => {
  const names = found.map(({ name }) => name);
  const wrong = (field: string, message: string, expected: string, is: string): RecallError =>
    new RecallError('bad-model', `${path}: ${message}`, {
      expected,
      found: is,
      todo: `correct ${field} in recall.json`,
    });
  for (const { name, shape, dtype } of found) {
    const spec = inputs[name];
    if (spec === undefined)
      throw wrong(
        'model.inputs',
        `the model's input ${name} is not mapped`,
        `model.inputs.${name}`,
        `a mapping of ${Object.keys(inputs).join(', ') || 'nothing'}`,
      );
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
      throw wrong(
        `model.inputs.${name}`,
        `the input ${name} has a type that cannot be fed`,
        'float32, int32 or bool',
        dtype,
      );
    const said = `[null${spec.length === 1 ? '] or [null,1' : `,${spec.length}`}]`;
    const fits =
      shape.length === 1
        ? spec.length === 1
        : shape.length === 2 && (shape[1] === null || shape[1] === -1 || shape[1] === spec.length);
    if (!fits)
      throw wrong(
        `model.inputs.${name}`,
        `the input ${name} has another shape than length says`,
        said,
        `[${shape.map((n) => (n === -1 ? 'null' : String(n))).join(',')}]`,
      );
  }
  const extra = Object.keys(inputs).find((name) => !names.includes(name));
  if (extra !== undefined)
    throw wrong(`model.inputs.${extra}`, `the model has no input ${extra}`, `one of ${names.join(', ')}`, extra);
};

/** Loads a graph from its files and checks its inputs against the mapping. Throws `bad-model`, `unsupported`. */
export const loadExternalGraph = async (
  dir: string,
  artifacts: io.ModelArtifacts,
  spec: TfjsSpec,
): Promise<ExternalGraph> => {
  const { tf, info } = await loadBackend();
  const usual = tf.getBackend();
  const own = spec.backend === 'cpu' ? 'cpu' : usual;
  // A backend is chosen for the whole thread: it is set for the run of this graph, and set back.
  const on = <T>(name: string, work: () => T): T => {
    void tf.setBackend(name);
    try {
      return work();
    } finally {
      void tf.setBackend(usual);
    }
  };
  // The plain backend greets at its first tensor.
  await quietly(async () => {
    await tf.setBackend(own);
    tf.scalar(0).dispose();
  });
  const path = join(dir, 'model.json');
  try {
    const model = await loadAny(tf, path, artifacts, spec.kind);
    const signatures = inputsOf(model);
    checkInputs(path, signatures, spec);
    const backend =
      own === usual ? info : { name: 'cpu', version: info.version, reason: 'the manifest asks for it (model.backend)' };
    const runner = runOf(tf, model, signatures, spec, path);
    return {
      backend,
      run: (feeds, rows) => {
        try {
          return on(own, () => runner(feeds, rows));
        } catch (error) {
          throw runError(path, error, own);
        }
      },
    };
  } finally {
    await tf.setBackend(usual);
  }
};

const runOf =
  (tf: Tf, model: GraphModel | LayersModel, signatures: readonly Signature[], spec: TfjsSpec, path: string) =>
  (feeds: readonly Feed[], rows: number): Float32Array => {
    const tensors = signatures.map(({ name, shape, dtype }) => {
      const feed = feeds.find((one) => one.name === name);
      if (feed === undefined) throw new RecallError('internal', `no feed for ${name}`);
      return { name, tensor: tensorOf(tf, feed, shape.length === 1 ? [rows] : [rows, feed.length], dtype) };
    });
    const out = tf.tidy(() => outputOf(model, tensors, spec, path));
    tf.dispose(tensors.map(({ tensor }) => tensor));
    try {
      return checkedOutput(out, rows, spec, path);
    } finally {
      out.dispose();
    }
  };

const tensorOf = (tf: Tf, { data }: Feed, shape: [number] | [number, number], dtype: string): Tensor => {
  const type = dtype === 'int32' ? 'int32' : dtype === 'bool' ? 'bool' : 'float32';
  const values = type === 'int32' ? Int32Array.from(data) : type === 'bool' ? Uint8Array.from(data) : data;
  return tf.tensor(values, shape, type);
};

const outputOf = (
  model: GraphModel | LayersModel,
  tensors: ReadonlyArray<{ name: string; tensor: Tensor }>,
  { output }: TfjsSpec,
  path: string,
): Tensor => {
  const named: NamedTensorMap = Object.fromEntries(tensors.map(({ name, tensor }) => [name, tensor]));
  const unknown = (names: readonly string[]): RecallError =>
    new RecallError('bad-model', `${path}: the model has no output ${output}`, {
      expected: `one of ${names.join(', ')}`,
      found: output,
      todo: 'correct model.output in recall.json',
    });
  if (!isLayers(model)) {
    const names = model.outputs.map(({ name }) => name);
    if (!names.includes(output)) throw unknown(names);
    const found = model.execute(named, output);
    return Array.isArray(found) ? one(found[0]) : found;
  }
  const at = model.outputNames.indexOf(output);
  if (at < 0) throw unknown(model.outputNames);
  const found = model.predict(tensors.map(({ tensor }) => tensor));
  return Array.isArray(found) ? one(found[at]) : found;
};

const one = (tensor: Tensor | undefined): Tensor => {
  if (tensor === undefined) throw new RecallError('internal', 'the graph returned no tensor');
  return tensor;
};

const checkedOutput = (out: Tensor, rows: number, { dim, output }: TfjsSpec, path: string): Float32Array => {
  if (out.shape.join('×') !== `${rows}×${dim}`)
    throw new RecallError('bad-model', `${path}: the output ${output} has another shape than model.dim says`, {
      expected: `${rows}×${dim}`,
      found: out.shape.join('×'),
      todo: 'correct model.dim or model.output in recall.json',
    });
  const data = Float32Array.from(out.dataSync());
  const at = data.findIndex((x) => !Number.isFinite(x));
  if (at >= 0)
    throw new RecallError('bad-model', `${path}: the output ${output} is not finite`, {
      expected: 'finite numbers',
      found: `${String(data[at])} in column ${at % dim}`,
      todo: 'check the inputs (`recall-tui inputs USER`), or the model’s weights',
    });
  return data;
};
