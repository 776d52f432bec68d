import { isRecord } from '../../base/json.ts';
import { fitLines, span, text, type Line } from './line.ts';

const isLeaf = (value: unknown): boolean => !isRecord(value) && !Array.isArray(value);
const leaf = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '–' : String(value);

const most = 200;

const outline = (value: unknown, depth: number): Line[] => {
  const indent = '  '.repeat(depth);
  if (Array.isArray(value)) {
    if (value.every(isLeaf)) return [text(`${indent}${value.map(leaf).join(', ')}`)];
    return value.slice(0, most).flatMap((item, i) => [text(`${indent}${i + 1}.`, 'dim'), ...outline(item, depth + 1)]);
  }
  if (!isRecord(value)) return [text(`${indent}${leaf(value)}`)];
  return Object.entries(value).flatMap(([key, item]): Line[] =>
    isLeaf(item)
      ? [[span(`${indent}${key}: `, 'dim'), span(leaf(item))]]
      : [[span(`${indent}${key}:`, 'dim')], ...outline(item, depth + 1)],
  );
};

/** Any plain data as an indented outline. */
export const outlineView = (data: unknown, width: number, height?: number): Line[] =>
  fitLines(outline(data, 0), width, height);
