import { RecallError } from '../../errors.ts';
import { parseHeader } from '../../domain/hnsw/header.ts';
import type { ExpectedIndex, IndexHeader } from '../../engine/ports/artefacts.ts';
import { namingPath, openFileSource } from './file-source.ts';

const headerOf = (path: string): IndexHeader => {
  const source = openFileSource(path);
  try {
    const { dim, count, m, efConstruction, maxLevel, entryPoint, fileBytes } = namingPath(path, () =>
      parseHeader(source),
    );
    return { dim, count, m, efConstruction, maxLevel, entryPoint, fileBytes };
  } finally {
    source.close();
  }
};

/** Header of an hnswlib file, compared with what is expected of it. Throws `missing-artefact`, `bad-index`. */
export const readIndexHeader = async (path: string, expected?: ExpectedIndex): Promise<IndexHeader> =>
  expected === undefined ? headerOf(path) : checkHeader(path, expected);

/** The native code opens an index of another dimension without complaint: so its header is checked first. */
export const checkHeader = (path: string, expected: ExpectedIndex): IndexHeader => {
  const header = headerOf(path);
  for (const [name, want, found] of [
    ['dimension', expected.dim, header.dim],
    ['ads', expected.count, header.count],
  ] as const) {
    if (want !== found)
      throw new RecallError('bad-index', `${path} is an index of another ${name === 'ads' ? 'number of ads' : name}`, {
        expected: `${name}: ${want}`,
        found: `${name}: ${found}`,
        todo: 'rebuild it with `recall-tui index DIR`',
      });
  }
  return header;
};
