import { isRecord } from '../../../base/json.ts';
import type { DerivedSample } from '../../../engine/ports/artefacts.ts';

const isDerived = (value: unknown): value is DerivedSample =>
  isRecord(value) && isRecord(value['counts']) && Array.isArray(value['tables']) && isRecord(value['kinds']);

/** The summary of a derivation as it comes from a file or another process. */
export const derivedFrom = (value: unknown): DerivedSample => {
  if (!isDerived(value)) throw new Error('no summary of what was derived');
  return value;
};
