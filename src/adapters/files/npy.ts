import { badVectors } from './row-layout.ts';

/** The header of a NumPy file (numpy/lib/format.py, versions 1.0 to 3.0): type, order and shape, and where the numbers start. */
export interface NpyHeader {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  readonly offset: number;
}

/** Bytes to read for `npyHeaderLength`: magic, version and the length of the header in its longer form. */
export const npyPreamble = 12;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy refuses to read a header beyond 10,000 bytes unasked; a length above this is no header. */
const mostHeaderBytes = 1 << 20;

export const saveAgain = 'save it as `np.save(path, np.ascontiguousarray(x, dtype="<f4"))`';

/** Bytes before the numbers: preamble and header. Throws `bad-vectors` (no NumPy file, an unknown version). */
export const npyHeaderLength = (preamble: Uint8Array, path: string): number => {
  if (preamble.length < 10 || !magic.every((byte, i) => preamble[i] === byte)) {
    throw badVectors(path, 'field magic: not a NumPy file', {
      expected: '\\x93NUMPY in the first six bytes',
      found: excerpt(preamble.subarray(0, 6)),
      todo: `${saveAgain}; a pickle or .npz is another format`,
    });
  }
  const major = preamble[6] ?? 0;
  if (major < 1 || major > 3)
    throw badVectors(path, 'field version: a format this version does not know', {
      expected: '1.0, 2.0 or 3.0',
      found: `${major}.${preamble[7] ?? 0}`,
      todo: saveAgain,
    });
  const view = new DataView(preamble.buffer, preamble.byteOffset, preamble.byteLength);
  if (major > 1 && preamble.length < npyPreamble) throw truncated(path, `${preamble.length} bytes`);
  const length = major === 1 ? 10 + view.getUint16(8, true) : npyPreamble + view.getUint32(8, true);
  if (length > mostHeaderBytes)
    throw badVectors(path, 'field header length: no header is that long', {
      expected: `at most ${mostHeaderBytes} bytes`,
      found: `${length} bytes`,
      todo: saveAgain,
    });
  return length;
};

/** Parses the dictionary of the header from the file's first `npyHeaderLength` bytes. Throws `bad-vectors` naming the field. */
export const parseNpyHeader = (head: Uint8Array, path: string): NpyHeader => {
  const offset = npyHeaderLength(head, path);
  if (head.length < offset) throw truncated(path, `${head.length} bytes`);
  const text = new TextDecoder('utf-8').decode(head.subarray(head[6] === 1 ? 10 : npyPreamble, offset));
  const notPlain = (what: string): Error =>
    badVectors(path, what, {
      expected: `{'descr': …, 'fortran_order': …, 'shape': …}`,
      found: text.trim().slice(0, 120),
      todo: saveAgain,
    });
  if (!/^\{.*\}\s*$/s.test(text)) throw notPlain('its NumPy header is not a dictionary');
  const field = (name: string, value: string): string => {
    const found = new RegExp(`['"]${name}['"]\\s*:\\s*(${value})`).exec(text)?.[1];
    if (found !== undefined) return found;
    throw notPlain(`field ${name}: not in the NumPy header, or in a form that is not a plain array`);
  };
  return {
    offset,
    descr: field('descr', `'[^']*'|"[^"]*"`).slice(1, -1),
    fortran: field('fortran_order', 'True|False') === 'True',
    shape: (field('shape', '\\([^)]*\\)').match(/\d+/g) ?? []).map(Number),
  };
};

const truncated = (path: string, found: string): Error =>
  badVectors(path, 'the file ends inside its NumPy header', {
    expected: 'a whole header',
    found,
    todo: 'copy or write the file again, whole',
  });

const excerpt = (bytes: Uint8Array): string =>
  bytes.length === 0 ? 'an empty file' : `bytes ${Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join(' ')}`;
