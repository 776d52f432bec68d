import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  kindOfPath,
  openRegular,
  readRegular,
  readRegularSync,
  requireRegular,
  streamRegular,
} from '../../src/base/regular-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'recall-regular-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const [pipe, folder, socket, file, link] = ['pipe', 'folder', 'socket', 'file', 'link'].map((name) => join(dir, name));

execFileSync('mkfifo', [pipe ?? '']);
mkdirSync(folder ?? '');
writeFileSync(file ?? '', 'text');
symlinkSync(file ?? '', link ?? '');

const ways: ReadonlyArray<readonly [string, (path: string) => unknown]> = [
  ['opened', openRegular],
  ['read', readRegular],
  ['read at once', (path) => readRegularSync(path)],
  ['read as a stream', (path) => streamRegular(path, 10)],
  ['handed to a library', (path) => requireRegular(path)],
];
const caught = async (run: () => unknown): Promise<unknown> => {
  try {
    return await run();
  } catch (error) {
    return error;
  }
};

describe('what is no regular file', () => {
  it.each(ways)('is not waited for, but named, where it is %s', async (_, use) => {
    const server = createServer().listen(socket);
    await new Promise((resolve) => server.once('listening', resolve));
    for (const [path, named] of [
      [pipe, 'a named pipe (FIFO)'],
      [folder, 'a folder'],
      [socket, 'a socket'],
      ['/dev/zero', 'a device'],
    ])
      expect(await caught(() => use(path ?? ''))).toMatchObject({
        code: 'bad-input',
        message: `${path} is ${named}, not a regular file`,
        found: named,
      });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a regular file', () => {
  it('is read, through a link too', async () => {
    for (const path of [file ?? '', link ?? '']) {
      expect((await readRegular(path)).toString()).toBe('text');
      expect(readRegularSync(path).toString()).toBe('text');
      const chunks: string[] = [];
      for await (const chunk of await streamRegular(path, 2)) chunks.push(String(chunk));
      expect(chunks).toEqual(['te', 'xt']);
    }
  });

  it('differs from a path where nothing is', async () => {
    expect(kindOfPath(file ?? '')).toBe('file');
    expect(kindOfPath(join(dir, 'nothing'))).toBeNull();
    expect(await caught(() => openRegular(join(dir, 'nothing')))).toMatchObject({ code: 'ENOENT' });
  });
});
