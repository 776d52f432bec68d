import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { io } from '@tensorflow/tfjs';
import { z } from 'zod';
import { jsonOf } from '../../base/json.ts';
import { readRegular } from '../../base/regular-file.ts';
import { readText } from '../../base/text-file.ts';
import { RecallError } from '../../errors.ts';
import { checkLayers } from './check-layers.ts';
import { checkWeights } from './check-weights.ts';

const bytesOf: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, float16: 2, uint8: 1, uint16: 2 };

const weight = z.looseObject({
  name: z.string(),
  shape: z.array(z.number().int().min(0)),
  dtype: z.enum(['float32', 'int32', 'bool']),
  quantization: z
    .looseObject({
      dtype: z.enum(['float16', 'uint8', 'uint16']),
      scale: z.number().optional(),
      min: z.number().optional(),
    })
    .optional(),
});
const modelJson = z.looseObject({
  format: z.string().optional(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(z.looseObject({ paths: z.array(z.string()), weights: z.array(weight) })),
  signature: z.record(z.string(), z.unknown()).optional(),
});

const again = 'convert the model again (tensorflowjs_converter, or model.save), whole';

const bad = (path: string, message: string, details: { expected: string; found: string }): RecallError =>
  new RecallError('bad-model', `${path}: ${message}`, {
    ...details,
    todo: again,
  });

/**
 * A model as TensorFlow.js saves it (model.json and its shards), read from disk: without tfjs-node there is no file://
 * handler. Throws `missing-artefact`, `bad-model` (no such JSON, a shard missing, sizes that do not add up).
 */
export const readTfjsFiles = async (dir: string): Promise<io.ModelArtifacts> => {
  const path = join(dir, 'model.json');
  const json = parse(
    path,
    await readText(path).catch((cause: unknown) => {
      if (cause instanceof RecallError) throw cause;
      throw new RecallError('missing-artefact', `cannot read ${path}`, {
        expected: 'model.json of a TensorFlow.js model',
        found: cause instanceof Error ? cause.message : String(cause),
        cause,
      });
    }),
  );
  const parts: Uint8Array[] = [];
  for (const { paths, weights } of json.weightsManifest) {
    const expected = weights.reduce(
      (sum, w) => sum + w.shape.reduce((n, d) => n * d, 1) * (bytesOf[w.quantization?.dtype ?? w.dtype] ?? 0),
      0,
    );
    let found = 0;
    for (const name of paths) {
      const shard = await readShard(dir, path, name);
      parts.push(shard);
      found += shard.length;
    }
    if (found !== expected)
      throw bad(path, `the weights ${paths.join(', ')} have another size than weightsManifest says`, {
        expected: `${expected} bytes`,
        found: `${found} bytes`,
      });
  }
  const weightData = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => {
    weightData.set(part, at);
    return at + part.length;
  }, 0);
  const weightSpecs = json.weightsManifest.flatMap(({ weights }) => weights.map(specOf));
  checkWeights(path, weightSpecs, weightData.buffer);
  return {
    modelTopology: json.modelTopology,
    weightSpecs,
    weightData: weightData.buffer,
    ...(json.format === undefined ? {} : { format: json.format }),
    ...(json.signature === undefined ? {} : { signature: json.signature }),
  };
};

const specOf = ({ name, shape, dtype, quantization: q }: z.infer<typeof weight>): io.WeightsManifestEntry => ({
  name,
  shape,
  dtype,
  ...(q === undefined
    ? {}
    : {
        quantization: {
          dtype: q.dtype,
          ...(q.scale === undefined ? {} : { scale: q.scale }),
          ...(q.min === undefined ? {} : { min: q.min }),
        },
      }),
});

const parse = (path: string, text: string): z.infer<typeof modelJson> => {
  const json = jsonOf(text, {
    code: 'bad-model',
    where: path,
    message: `${path}: it is not JSON`,
    expected: 'model.json of a TensorFlow.js model',
    todo: again,
  });
  const parsed = modelJson.safeParse(json);
  if (parsed.success) {
    refuseKeras3(path, parsed.data.modelTopology);
    checkLayers(path, parsed.data.modelTopology);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  throw bad(path, `field ${issue?.path.map(String).join('.') || '(whole)'} is wrong`, {
    expected: issue?.message ?? 'a TensorFlow.js model',
    found: 'another value',
  });
};

/** TensorFlow.js 4 reads the layers of Keras 1 and 2; those of Keras 3 are written in another way. */
const refuseKeras3 = (path: string, topology: Readonly<Record<string, unknown>>): void => {
  const version = topology['keras_version'];
  const is3 = typeof version === 'string' && /^[3-9]\./.test(version);
  if (!is3 && !JSON.stringify(topology).includes('"__keras_tensor__"')) return;
  throw new RecallError('bad-model', `${path}: a LayersModel of Keras 3, which TensorFlow.js does not read`, {
    expected: 'a LayersModel of Keras 2, or a GraphModel',
    found: typeof version === 'string' ? `keras_version ${version}` : 'layers as Keras 3 writes them',
    todo: 'export a GraphModel: model.export("saved"), then tensorflowjs_converter --input_format=tf_saved_model saved DIR, and kind "tfjs-graph"; or save it by Keras 2: pip install tf-keras, TF_USE_LEGACY_KERAS=1',
  });
};

const readShard = async (dir: string, path: string, name: string): Promise<Uint8Array> => {
  // A shard lies next to model.json; a path out of the folder is somebody else's file.
  if (basename(name) !== name)
    throw bad(path, 'a shard outside the model’s folder', { expected: 'a file name', found: name });
  const file = join(dir, name);
  const size = await stat(file).then(
    (s) => s.size,
    () => null,
  );
  if (size === null)
    throw new RecallError('missing-artefact', `the model's shard ${name} is missing`, {
      expected: file,
      found: 'nothing at this path',
      todo: 'copy the model again, whole',
    });
  return readRegular(file);
};
