import { readRegular } from '../../base/regular-file.ts';
import { decodeNeighbours } from '../../domain/i2i/format.ts';
import type { ItemNeighbours } from '../../engine/ports/ports.ts';
import { missingFile } from './missing.ts';

/** Opens the i2i file. Throws `missing-artefact`, `bad-input`. An ordinal beyond the file has no neighbours. */
export const readNeighbours = async (path: string): Promise<ItemNeighbours> => {
  const bytes = await readRegular(path).catch(missingFile(path));
  const { count, builtUntil, starts, ordinals, similarities } = decodeNeighbours(bytes, path);
  return {
    builtUntil,
    neighbours: (ordinal) => {
      const [from, until] = ordinal >= 0 && ordinal < count ? [starts[ordinal] ?? 0, starts[ordinal + 1] ?? 0] : [0, 0];
      return { ordinals: ordinals.subarray(from, until), similarities: similarities.subarray(from, until) };
    },
  };
};
