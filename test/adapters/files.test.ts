import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atomicWrite, writeThrough } from '../../src/base/atomic-file.ts';
import { createHashCache } from '../../src/adapters/files/hash-cache.ts';
import { createFileTools } from '../../src/adapters/files/file-tools.ts';
import { temporaryFolder } from '../support/vectors.ts';

const tools = (): { dir: string; files: ReturnType<typeof createFileTools> } => {
  const dir = temporaryFolder('files');
  return { dir, files: createFileTools({ XDG_CACHE_HOME: join(dir, 'cache') }) };
};

describe('the hash of a file or folder', () => {
  it('equals the sha256 of other tools', async () => {
    const { dir, files } = tools();
    writeFileSync(join(dir, 'abc'), 'abc');
    expect(await files.sha256File(join(dir, 'abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('changes with a name or a byte of the folder, and not with hidden files', async () => {
    const { dir, files } = tools();
    const model = join(dir, 'model');
    mkdirSync(model);
    writeFileSync(join(model, 'a'), '1');
    writeFileSync(join(model, 'b'), '2');
    const before = await files.sha256Dir(model);
    writeFileSync(join(model, '.DS_Store'), 'x');
    expect(await files.sha256Dir(model)).toBe(before);
    expect(await files.rememberedSha256(model)).toBe(before);
    writeFileSync(join(model, 'b'), '3');
    expect(await files.sha256Dir(model)).not.toBe(before);
  });

  it('covers the files that links of the folder lead to', async () => {
    const { dir, files } = tools();
    const [model, elsewhere] = [join(dir, 'model'), join(dir, 'shard')];
    mkdirSync(model);
    writeFileSync(join(model, 'a'), '1');
    const without = await files.sha256Dir(model);
    writeFileSync(elsewhere, '2');
    symlinkSync(elsewhere, join(model, 'b'));
    symlinkSync(join(dir, 'nothing'), join(model, 'c'));
    const before = await files.sha256Dir(model);
    expect(before).not.toBe(without);
    writeFileSync(elsewhere, '33');
    expect(await files.sha256Dir(model)).not.toBe(before);
    expect(await files.rememberedSha256(model)).toBe(await files.sha256Dir(model));
  });

  it('is given up at a signal, by the one who gave it', async () => {
    const { dir, files } = tools();
    writeFileSync(join(dir, 'x'), 'one');
    const given = AbortSignal.abort();
    const [stopped, other] = await Promise.allSettled([
      files.rememberedSha256(join(dir, 'x'), given),
      files.rememberedSha256(join(dir, 'x')),
    ]);
    expect(stopped).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
    expect(other).toMatchObject({ status: 'fulfilled', value: await files.sha256File(join(dir, 'x')) });
  });

  it('stays in the cache until size, mtime or inode changes', async () => {
    const { dir, files } = tools();
    const path = join(dir, 'x');
    const long = new Date('2020-01-01');
    writeFileSync(path, 'one');
    utimesSync(path, long, long);
    const first = await files.rememberedSha256(path);
    writeFileSync(path, 'two');
    utimesSync(path, long, long);
    expect(await files.rememberedSha256(path)).toBe(first);
    expect(await files.sha256File(path)).not.toBe(first);
    utimesSync(path, long, new Date('2020-01-02'));
    expect(await files.rememberedSha256(path)).toBe(await files.sha256File(path));
  });

  it('stays out of the cache for a file just written: the next write may fall into the same tick of the clock', async () => {
    const { dir, files } = tools();
    const path = join(dir, 'x');
    writeFileSync(path, 'one');
    const { atime, mtime } = statSync(path);
    await files.rememberedSha256(path);
    writeFileSync(path, 'two');
    utimesSync(path, atime, mtime);
    expect(await files.rememberedSha256(path)).toBe(await files.sha256File(path));
  });

  it('survives a damaged cache', async () => {
    const { dir, files } = tools();
    mkdirSync(join(dir, 'cache', 'recall-tui'), { recursive: true });
    writeFileSync(join(dir, 'cache', 'recall-tui', 'hashes.json'), '{"x": [1');
    writeFileSync(join(dir, 'x'), 'abc');
    expect(await files.rememberedSha256(join(dir, 'x'))).toBe(await files.sha256File(join(dir, 'x')));
  });

  it('reads the cache once for many files, and writes it once where one of them was new', async () => {
    const { dir } = tools();
    const cache = join(dir, 'hashes.json');
    const counts = { read: 0, write: 0 };
    const io = {
      read: async (path: string) => ((counts.read += 1), readFileSync(path, 'utf8')),
      write: async (path: string, text: string) => {
        counts.write += 1;
        writeFileSync(path, text);
      },
    };
    const long = new Date('2020-01-01');
    const model = join(dir, 'model');
    mkdirSync(model);
    const paths = [model, ...Array.from({ length: 8 }, (_, i) => join(dir, `file-${i}`))];
    for (const path of [...paths.slice(1), join(model, 'a'), join(model, 'b')]) {
      writeFileSync(path, path);
      utimesSync(path, long, long);
    }
    const hashAll = async (): Promise<string[]> => {
      const hash = createHashCache(cache, io);
      return Promise.all(paths.map((path) => hash(path)));
    };
    const first = await hashAll();
    expect(counts).toEqual({ read: 0, write: 1 });
    expect(Object.keys(JSON.parse(readFileSync(cache, 'utf8')))).toHaveLength(10);
    expect(await hashAll()).toEqual(first);
    expect(counts).toEqual({ read: 1, write: 1 });
    utimesSync(join(model, 'a'), long, new Date('2020-01-02'));
    expect(await hashAll()).toEqual(first);
    expect(counts).toEqual({ read: 2, write: 2 });
  });

  it('keeps hashes that two programs remember at once', async () => {
    const { dir } = tools();
    const cache = join(dir, 'hashes.json');
    const long = new Date('2020-01-01');
    const [ours, theirs] = [join(dir, 'ours'), join(dir, 'theirs')];
    for (const path of [ours, theirs]) {
      writeFileSync(path, path);
      utimesSync(path, long, long);
    }
    const [one, another] = [createHashCache(cache), createHashCache(cache)];
    await one(ours);
    await another(theirs);
    writeFileSync(join(dir, 'more'), 'more');
    utimesSync(join(dir, 'more'), long, long);
    await one(join(dir, 'more'));
    expect(Object.keys(JSON.parse(readFileSync(cache, 'utf8'))).sort()).toEqual([join(dir, 'more'), ours, theirs]);
  });

  it('names a file that is missing', async () => {
    const { dir, files } = tools();
    await expect(files.sha256File(join(dir, 'none'))).rejects.toMatchObject({ code: 'missing-artefact' });
    await expect(files.rememberedSha256(join(dir, 'none'))).rejects.toMatchObject({ code: 'missing-artefact' });
  });
});

describe('an atomic write', () => {
  it('leaves the old file and no other when it fails half way', async () => {
    const { dir } = tools();
    const path = join(dir, 'x');
    writeFileSync(path, 'old');
    await expect(
      writeThrough(path, async (handle) => {
        await handle.writeFile('half');
        throw new Error('disk');
      }),
    ).rejects.toThrow('disk');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(dir)).toEqual(['x']);
  });

  it('lets twenty writers of one path end with one whole file', async () => {
    const { dir, files } = tools();
    const path = join(dir, 'x');
    const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(5000));
    await Promise.all(texts.map((text) => files.atomicWrite(path, text)));
    expect(texts).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(dir)).toEqual(['x']);
  });
});

describe('a vector file', () => {
  it('gives its vectors back as they were written, in a SharedArrayBuffer', async () => {
    const { dir, files } = tools();
    const data = Float32Array.from({ length: 30 }, (_, i) => i / 7);
    await files.writeVectors(join(dir, 'v'), data);
    const read = await files.readVectors(join(dir, 'v'), { count: 10, dim: 3 });
    expect(Array.from(read.data)).toEqual(Array.from(data));
    expect(read.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('refuses to open with another size, naming both sizes', async () => {
    const { dir, files } = tools();
    await files.writeVectors(join(dir, 'v'), new Float32Array(30));
    await expect(files.readVectors(join(dir, 'v'), { count: 11, dim: 3 })).rejects.toMatchObject({
      code: 'bad-vectors',
      expected: expect.stringContaining('132 bytes'),
      found: '120 bytes',
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a vector with %d in it, naming row and column',
    async (value) => {
      const { dir, files } = tools();
      const data = new Float32Array(30);
      data[17] = value;
      await files.writeVectors(join(dir, 'v'), data);
      await expect(files.readVectors(join(dir, 'v'), { count: 10, dim: 3 })).rejects.toMatchObject({
        code: 'bad-vectors',
        found: expect.stringContaining('row 5, column 2'),
      });
    },
  );
});

describe('a file that is written', () => {
  it('replaces no pipe, socket, device or folder', async () => {
    const { dir } = tools();
    const pipe = join(dir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, dir, '/dev/null', '/dev/full']) {
      const before = lstatSync(path).ino;
      await expect(atomicWrite(path, 'x')).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringMatching(/: it is a/),
      });
      expect(lstatSync(path).ino).toBe(before);
    }
    expect(readdirSync(dir)).toEqual(['pipe']);
  });
});
