import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { realCli, type Ran } from '../support/real-cli.ts';

/** Models of teams whose numbers cannot be right. */
const root = mkdtempSync(join(tmpdir(), 'recall-models-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const cli = (...argv: string[]): Promise<Ran> => realCli(argv, { XDG_CACHE_HOME: join(root, '.cache') });
const copyOf = (name: string, as = name): string => {
  const dir = join(root, as);
  cpSync(fileURLToPath(new URL(name, import.meta.url)), dir, { recursive: true });
  return join(dir, 'ws');
};
const edit = (path: string, change: (text: string) => string): void =>
  writeFileSync(path, change(readFileSync(path, 'utf8')));
const failed = async (dir: string): Promise<string> => {
  const { checks } = JSON.parse((await cli('doctor', dir, '--json')).out);
  return checks
    .filter(({ name, ok }: { name: string; ok: boolean }) => !ok && name === 'backend')
    .map(({ found }: { found: string }) => found)
    .join();
};

describe('a TensorFlow.js model', () => {
  it.each(['default', 'cpu'])('is refused by the name of a weight that is NaN, on the backend %s', async (backend) => {
    const dir = copyOf('tfjs-nan-weights', `nan-${backend}`);
    edit(join(dir, 'recall.json'), (text) => text.replace(/"backend": "\w+"/, `"backend": "${backend}"`));
    expect(JSON.parse(readFileSync(join(dir, 'recall.json'), 'utf8')).model.backend).toBe(backend);
    expect(await failed(dir)).toContain('the weight hidden/kernel is not finite: 1 of 576 are not, the first is NaN');
    const recall = await cli('-w', dir, 'recall', 'u-03', '-k', '3');
    expect(recall.code).toBe(2);
    expect(recall.err).toContain('the weight hidden/kernel is not finite');
  });

  it('is refused where its vocabulary has a line more than its table', async () => {
    const dir = copyOf('tfjs-vocabulary-shifted');
    expect(await failed(dir)).toContain('ads.txt names more entries than ad_table has rows: 61 entries + first 1 = 62');
    const recall = await cli('-w', dir, 'recall', 'u-00', '-k', '3');
    expect(recall.code).toBe(2);
    expect(recall.err).toMatch(/ad_table has rows[^]*at most 60 entries, in rows 1 to 60[^]*\[UNK\]/);
  });

  it('has its layers held against its embeddings in the same way', async () => {
    const dir = copyOf('tfjs-nan-weights', 'layers-vocabulary');
    const shard = join(dir, 'layers', 'group1-shard1of1.bin');
    const bytes = new Uint8Array(readFileSync(shard));
    const numbers = new Float32Array(bytes.buffer);
    writeFileSync(shard, Buffer.from(numbers.map((x) => (Number.isNaN(x) ? 0 : x)).buffer));
    expect(await failed(dir)).toBe('');
    edit(join(dir, 'layers', 'ads.txt'), (text) => `[UNK]\n${text}`);
    expect(await failed(dir)).toContain('ads.txt names more entries than browse_table has rows');
  });

  it.each([
    [
      'an input that is no layer',
      (text: string) => text.replace(/(inbound_nodes": \[\s*\[\s*\[\s*)"[^"]+"/, '$1"nothing"'),
    ],
    [
      'an input that is no list',
      (text: string) => text.replace(/(inbound_nodes": \[\s*\[\s*)\[/, '$1{"__proto__x":1}, ['),
    ],
    [
      'a call that is never made',
      (text: string) => text.replace(/(inbound_nodes": \[\s*\[\s*\[\s*"[^"]+",\s*)0/, '$17'),
    ],
  ])('is refused where its layers cannot be put together: %s', async (name, change) => {
    const dir = copyOf('tfjs-nan-weights', `layers-${name.replaceAll(' ', '-')}`);
    const path = join(dir, 'layers', 'model.json');
    const before = readFileSync(path, 'utf8');
    edit(path, change);
    expect(readFileSync(path, 'utf8')).not.toBe(before);
    expect(await failed(dir)).toMatch(/modelTopology\.config\.layers.* is wrong/);
  });

  it('is refused with the way to export it where Keras 3 wrote it', async () => {
    const dir = copyOf('tfjs-nan-weights', 'keras-3');
    edit(join(dir, 'layers', 'model.json'), (text) => text.replace('"tfjs-layers 4.22.0"', '"3.6.0"'));
    expect(await failed(dir)).toContain('a LayersModel of Keras 3');
  });
});
