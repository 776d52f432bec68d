import { isRecord } from '../../base/json.ts';
import { RecallError } from '../../errors.ts';

/** One input of a call of a layer: which layer's output, and of which of its calls. */
interface Inbound {
  readonly from: string;
  readonly call: number;
}

interface Layer {
  readonly name: string;
  /** Calls that exist before any is made: that of an input, and of a model as a layer. */
  readonly ready: number;
  readonly calls: ReadonlyArray<readonly Inbound[]>;
}

const bad = (path: string, where: string, expected: string, found: unknown): RecallError =>
  new RecallError('bad-model', `${path}: ${where} is wrong`, {
    expected,
    found: JSON.stringify(found)?.slice(0, 200) ?? 'nothing',
    todo: 'convert the model again (tensorflowjs_converter, or model.save), whole',
  });

const inboundOf = (path: string, where: string, value: unknown, names: ReadonlySet<string>): Inbound => {
  const [from, call, tensor] = Array.isArray(value) ? value : [];
  if (typeof from === 'string' && names.has(from) && isIndex(call) && isIndex(tensor)) return { from, call };
  throw bad(path, where, '[name of a layer, index of a call, index of an output]', value);
};

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const listOf = (path: string, where: string, value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw bad(path, where, 'a list', value);
};

/** Layers of a functional model, whose nested models are checked too. Those of a sequential one are called in order. */
const layersOf = (path: string, where: string, values: readonly unknown[]): Layer[] => {
  const records = values.map((value, i) => {
    if (isRecord(value)) return value;
    throw bad(path, `${where}[${i}]`, 'a layer', value);
  });
  const names = new Set<string>();
  for (const [i, { name }] of records.entries()) {
    if (typeof name !== 'string' || names.has(name))
      throw bad(path, `${where}[${i}].name`, 'a name that no other layer has', name);
    names.add(name);
  }
  return records.map(({ name, class_name: className, config, inbound_nodes: inbound }, i) => {
    const at = `${where}[${i}].inbound_nodes`;
    const nested = isRecord(config) && config['layers'] !== undefined;
    if (nested) checkConfig(path, `${where}[${i}].config`, config);
    return {
      name: String(name),
      ready: nested || className === 'InputLayer' ? 1 : 0,
      calls: listOf(path, at, inbound).map((call, c) =>
        listOf(path, `${at}[${c}]`, call).map((one, k) => inboundOf(path, `${at}[${c}][${k}]`, one, names)),
      ),
    };
  });
};

/** TensorFlow.js makes the calls whose inputs there are, again and again until all are made: each must be possible. */
const checkOrder = (path: string, where: string, layers: readonly Layer[]): void => {
  const made = new Map(layers.map(({ name, ready }) => [name, ready]));
  let open = layers.flatMap(({ name, calls }) => calls.map((inputs) => ({ name, inputs })));
  while (open.length > 0) {
    const later: typeof open = [];
    for (const call of open) {
      if (call.inputs.every(({ from, call: index }) => index < (made.get(from) ?? 0)))
        made.set(call.name, (made.get(call.name) ?? 0) + 1);
      else later.push(call);
    }
    if (later.length === open.length)
      throw bad(path, `${where}: the order of layers`, 'layers whose inputs come before them', later[0]);
    open = later;
  }
};

const checkConfig = (path: string, where: string, config: Readonly<Record<string, unknown>>): void => {
  const layers = listOf(path, `${where}.layers`, config['layers']);
  const functional = layers.some((layer) => isRecord(layer) && layer['inbound_nodes'] !== undefined);
  if (functional) checkOrder(path, `${where}.layers`, layersOf(path, `${where}.layers`, layers));
};

/**
 * The layers of a LayersModel can be put together: TensorFlow.js would look for the inputs of a layer for ever. Throws
 * `bad-model`.
 */
export const checkLayers = (path: string, topology: Readonly<Record<string, unknown>>): void => {
  const whole = isRecord(topology['model_config']) ? topology['model_config'] : topology;
  const config = whole['config'];
  if (isRecord(config) && config['layers'] !== undefined) checkConfig(path, 'modelTopology.config', config);
};
