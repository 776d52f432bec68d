import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { AdVectors } from '../../src/engine/ports/ports.ts';
import { seeded } from './seeded.ts';

export { seeded };

const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

export const rawVector = (random: () => number, dim: number): Float32Array =>
  Float32Array.from({ length: dim }, () => gaussian(random));

export const normalise = (vector: Float32Array): Float32Array => {
  const norm = Math.sqrt(vector.reduce((s, x) => s + x * x, 0));
  return vector.map((x) => x / norm);
};

/** count unit vectors on a SharedArrayBuffer; around `clusters` centres when given, as real ads are. */
export const unitVectors = (count: number, dim: number, seed: number, clusters = 0): AdVectors => {
  const random = seeded(seed);
  const centres = Array.from({ length: clusters }, () => rawVector(random, dim));
  const data = new Float32Array(new SharedArrayBuffer(count * dim * 4));
  for (let row = 0; row < count; row++) {
    const own = rawVector(random, dim);
    const centre = centres[Math.floor(random() * clusters)];
    data.set(normalise(centre === undefined ? own : own.map((x, i) => 0.6 * x + (centre[i] ?? 0))), row * dim);
  }
  return { count, dim, data };
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the last test of the file. */
export const temporaryFolder = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `recall-${name}-`));
  folders.push(folder);
  return folder;
};
