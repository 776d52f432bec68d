import hnswlib from 'hnswlib-node';

/** The one place that names the native package (CommonJS: its exports arrive as one object). */
export const { HierarchicalNSW } = hnswlib;
export type NativeIndex = InstanceType<typeof hnswlib.HierarchicalNSW>;
