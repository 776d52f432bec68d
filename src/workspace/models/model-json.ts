import { isRecord } from '../../base/json.ts';

const topologyOf = (json: unknown): Readonly<Record<string, unknown>> | null =>
  isRecord(json) && isRecord(json.modelTopology) ? json.modelTopology : null;

/** Names of the inputs that the model.json of a GraphModel declares; null: it is no GraphModel. */
export const graphInputs = (json: unknown): string[] | null => {
  const node = topologyOf(json)?.node;
  if (!Array.isArray(node)) return null;
  return node.flatMap((one: unknown) =>
    isRecord(one) && one.op === 'Placeholder' && typeof one.name === 'string' ? [one.name] : [],
  );
};

/** The same of a LayersModel. */
export const layersInputs = (json: unknown): string[] | null => {
  const topology = topologyOf(json);
  if (topology === null || Array.isArray(topology.node)) return null;
  const config = topology.model_config;
  const layers = isRecord(config) && isRecord(config.config) ? config.config.layers : null;
  if (!Array.isArray(layers)) return [];
  return layers.flatMap((one: unknown) =>
    isRecord(one) && one.class_name === 'InputLayer' && isRecord(one.config) && typeof one.config.name === 'string'
      ? [one.config.name]
      : [],
  );
};
