import type { io } from '@tensorflow/tfjs';
import { z } from 'zod';

/** A table of rows, one for each entry of a vocabulary, and the input that picks them. */
export interface Table {
  readonly input: string;
  readonly name: string;
  readonly rows: number;
}

const node = z.looseObject({ name: z.string(), op: z.string(), input: z.array(z.string()).default([]) });
const graph = z.looseObject({ node: z.array(node) });
type Node = z.infer<typeof node>;

/** Operations that hand the same rows, or the same whole numbers, on. */
const passes = new Set(['Identity', 'ReadVariableOp', 'Cast', 'Reshape', 'ExpandDims', 'Squeeze', 'StopGradient']);
const gathers = new Set(['GatherV2', 'Gather', 'ResourceGather', 'EmbeddingLookup']);

const plain = (input: string): string => input.replace(/^\^/, '').replace(/:\d+$/, '');

/** The node that a value comes from, unchanged. */
const originOf = (nodes: ReadonlyMap<string, Node>, input: string, steps = 20): Node | null => {
  const found = nodes.get(plain(input));
  if (found === undefined || steps === 0) return null;
  const [from] = found.input;
  return passes.has(found.op) && from !== undefined ? originOf(nodes, from, steps - 1) : found;
};

const tablesOfGraph = (topology: unknown, rowsOf: (weight: string) => number | null): Table[] => {
  const parsed = graph.safeParse(topology);
  if (!parsed.success) return [];
  const nodes = new Map(parsed.data.node.map((one) => [one.name, one]));
  return parsed.data.node
    .filter(({ op }) => gathers.has(op))
    .flatMap(({ input: [params = '', indices = ''] }) => {
      const [table, input] = [originOf(nodes, params), originOf(nodes, indices)];
      const rows = table === null ? null : rowsOf(table.name);
      return table === null || rows === null || input?.op !== 'Placeholder'
        ? []
        : [{ input: input.name, name: table.name, rows }];
    });
};

const inbound = z.array(z.array(z.tuple([z.string()], z.unknown())));
const layer = z.looseObject({
  class_name: z.string(),
  config: z.looseObject({ name: z.string(), input_dim: z.number().optional() }),
  inbound_nodes: inbound.catch([]).default([]),
});
const functional = z.looseObject({ config: z.looseObject({ layers: z.array(layer) }) });
const layersModel = z.union([functional, z.looseObject({ model_config: functional }).transform((m) => m.model_config)]);

const tablesOfLayers = (topology: unknown): Table[] => {
  const parsed = layersModel.safeParse(topology);
  if (!parsed.success) return [];
  return parsed.data.config.layers.flatMap(
    ({ class_name: kind, config: { name, input_dim: rows }, inbound_nodes: from }) => {
      const input = from[0]?.[0]?.[0];
      return kind !== 'Embedding' || rows === undefined || input === undefined ? [] : [{ input, name, rows }];
    },
  );
};

/** The tables of embeddings that an input picks rows of directly; what is computed in between is not followed. */
export const tablesOf = ({ modelTopology, weightSpecs = [] }: io.ModelArtifacts): readonly Table[] => {
  const rowsOf = (weight: string): number | null =>
    weightSpecs.find(({ name, shape }) => name === weight && shape.length === 2)?.shape[0] ?? null;
  return [...tablesOfGraph(modelTopology, rowsOf), ...tablesOfLayers(modelTopology)];
};
