import { RecallError } from '../../errors.ts';

/** Where the rows of a matrix lie in a file: row i starts at `offset + i·(prefix + dim·bytes)`, its numbers after `prefix` bytes. */
export interface RowLayout {
  readonly path: string;
  readonly count: number;
  readonly dim: number;
  readonly dtype: 'float32' | 'float16';
  readonly offset: number;
  /** 4 in `.fvecs`: each row begins with its own dimension. */
  readonly prefix: 0 | 4;
}

export const numberBytes = ({ dtype }: Pick<RowLayout, 'dtype'>): number => (dtype === 'float32' ? 4 : 2);

export const strideOf = (layout: RowLayout): number => layout.prefix + layout.dim * numberBytes(layout);

/** Throws `bad-vectors` where the file is not exactly as long as its rows. */
export const checkLength = (layout: RowLayout, size: number): void => {
  const { path, count, dim, dtype, offset } = layout;
  const expected = offset + count * strideOf(layout);
  if (size === expected) return;
  throw badVectors(path, size < expected ? 'the file is truncated' : 'the file goes on after its last row', {
    expected: `${offset === 0 ? '' : `${offset} bytes of header + `}${count} × ${dim} ${dtype}${layout.prefix === 0 ? '' : ` and ${count} × 4 bytes of dimension`} = ${expected} bytes`,
    found: `${size} bytes`,
    todo: 'copy or write the file again, whole',
  });
};

/** `bad-vectors`, the file first, then what is wrong with it. */
export const badVectors = (
  path: string,
  message: string,
  details: { expected: string; found: string; todo: string },
): RecallError => new RecallError('bad-vectors', `${path}: ${message}`, details);
