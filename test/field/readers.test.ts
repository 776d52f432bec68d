import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realCli, type Ran } from '../support/real-cli.ts';
import { smallWorkspace } from '../support/small-workspace.ts';

/** Files that were waited for, or filled the memory, or overflowed the stack: each is refused by name instead. */
const root = mkdtempSync(join(tmpdir(), 'recall-readers-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const env = { XDG_CACHE_HOME: join(root, '.cache'), XDG_CONFIG_HOME: join(root, '.config') };
const cli = (...argv: string[]): Promise<Ran> => realCli(argv, env);

let ws = '';
beforeAll(async () => {
  ({ dir: ws } = await smallWorkspace());
  writeFileSync(join(ws, 'key.hex'), '0'.repeat(64));
}, 60_000);

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Runs with the manifest changed, and puts it back. */
const withManifest = async (edit: (manifest: Fields) => void, run: () => Promise<void>): Promise<void> => {
  const path = join(ws, 'recall.json');
  const before = readFileSync(path, 'utf8');
  const manifest: unknown = JSON.parse(before);
  if (!isObject(manifest)) throw new Error('the manifest is no object');
  edit(manifest);
  writeFileSync(path, JSON.stringify(manifest));
  await run().finally(() => writeFileSync(path, before));
};

const fifo = (path: string): string => {
  execFileSync('mkfifo', [path]);
  return path;
};

describe('a pipe or a device in the place of a file', () => {
  const others = ['a named pipe', 'a device'] as const;
  const pathOf = (other: (typeof others)[number], name: string): string =>
    other === 'a device' ? '/dev/zero' : fifo(join(ws, name));

  it.each(['sample', 'vectors', 'index', 'i2i', 'rules', 'presets', 'served', 'key'])(
    'is refused by name as %s of a workspace, by doctor too',
    async (part) => {
      for (const other of others) {
        const file = pathOf(other, `pipe-${part}`);
        await withManifest(
          (manifest) => {
            manifest['outside'] = true;
            const entry = manifest[part];
            manifest[part] = part === 'key' ? file : { ...(isObject(entry) ? entry : {}), file };
          },
          async () => {
            for (const argv of [
              ['recall', 'u-1', '-w', ws],
              ['doctor', ws],
            ]) {
              const { code, err } = await cli(...argv);
              expect(code).toBe(2);
              expect(err).toContain(`not a regular file (${file})`);
              expect(err).toContain(`found:    ${other}`);
            }
          },
        );
      }
    },
  );

  it.each<[string, (path: string) => readonly string[]]>([
    ['a query', (path) => ['recall', '-w', ws, '--query', path]],
    ['a script', (path) => ['exec', path, '-w', ws]],
    ['a session', (path) => ['replay', path, '-w', ws]],
    ['rows of a comparison', (path) => ['compare', '--all', '--modes', 'legacy,i2i', '--resume', path, '-w', ws]],
    ['a mapping', (path) => ['import', 'csv', root, '--mapping', path, '--out', join(root, 'out')]],
    ['a served log', (path) => ['served', 'u1', '--log', path, '-w', ws]],
  ])('is refused by name as %s', async (name, argv) => {
    for (const other of others) {
      const path = pathOf(other, `pipe of ${name}`);
      const { code, out, err } = await cli(...argv(path));
      expect(code).toBe(2);
      expect(`${out}${err}`).toContain(`${path} is ${other}`);
    }
  });

  it.each(['csv', 'jsonl', 'jsonl.gz', 'parquet'])('is refused by name as the %s of an import', async (ending) => {
    const dir = join(root, `import-${ending}`);
    mkdirSync(dir);
    const path = fifo(join(dir, `ads.${ending}`));
    for (const table of ['users', 'events']) writeFileSync(join(dir, `${table}.csv`), `user_id,kind,at\n`);
    const { code, err } = await cli('import', 'csv', dir, '--out', join(root, 'out'));
    expect(code).toBe(2);
    expect(err).toContain(`${path} is a named pipe (FIFO), not a regular file`);
  });

  it('is refused by name as recall.json, planted clicks and the config', async () => {
    const dir = join(root, 'pipes');
    mkdirSync(dir);
    const manifest = fifo(join(dir, 'recall.json'));
    expect(await cli('recall', 'u1', '-w', dir)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`${manifest} is a named pipe`),
    });
    const planted = fifo(join(ws, 'planted.jsonl'));
    expect(await cli('demo', '-w', ws)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`${planted} is a named pipe`),
    });
    mkdirSync(join(root, '.config', 'recall-tui'), { recursive: true });
    const config = fifo(join(root, '.config', 'recall-tui', 'config.json'));
    expect(await cli('recall', 'u-1', '-w', ws)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`${config} is a named pipe`),
    });
    rmSync(config);
  });
});

const deep = '['.repeat(100_000) + ']'.repeat(100_000);
const objects = '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000);

describe('JSON nested 100,000 deep', () => {
  it.each([deep, objects])('is refused in recall.json by its field', async (value) => {
    const path = join(ws, 'recall.json');
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, before.replace('{', `{"tzOffsetMinutes": ${value},`));
    for (const argv of [
      ['doctor', ws],
      ['recall', 'u-1', '-w', ws],
    ]) {
      const { code, err } = await cli(...argv);
      expect(code).toBe(2);
      expect(err).toContain(`${path}: nested deeper than 128 levels, in tzOffsetMinutes`);
    }
    writeFileSync(path, before);
  });

  it('is refused in every other file of JSON, in a flag and on stdin', async () => {
    const write = (name: string): string => {
      const path = join(ws, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `{"weights": ${deep}}\n`);
      return path;
    };
    const refused = async (argv: readonly string[], stdin = ''): Promise<void> => {
      const { code, out, err } = await realCli(argv, env, stdin);
      expect(code).toBe(2);
      expect(`${out}${err}`).toMatch(/nested deeper than (128|64) levels, in weights/);
    };
    await refused(['recall', '-w', ws, '--query', write('query.json')]);
    await refused(['recall', '-w', ws, '--query', `{"weights": ${deep}}`]);
    await refused(['recall', '-w', ws, '--query', '-'], `{"weights": ${deep}}`);
    await refused(['replay', write('session.jsonl'), '-w', ws]);
    const presets = write('presets.json');
    await refused(['recall', 'u-1', '-w', ws, '--preset', 'x']);
    rmSync(presets);
    const rules = readFileSync(join(ws, 'rules.json'), 'utf8');
    write('rules.json');
    await refused(['recall', 'u-1', '-w', ws]);
    writeFileSync(join(ws, 'rules.json'), rules);
    const config = join(root, '.config', 'recall-tui', 'config.json');
    mkdirSync(dirname(config), { recursive: true });
    writeFileSync(config, `{"weights": ${deep}}`);
    await refused(['config', 'check']);
    rmSync(config);
  });

  it('costs a row of JSON lines, and no more than the row', async () => {
    const dir = join(root, 'deep-rows');
    mkdirSync(dir);
    writeFileSync(join(dir, 'users.csv'), 'user_id\nu1\n');
    writeFileSync(
      join(dir, 'ads.jsonl'),
      `{"ad_id":"a1","title":"one"}\n{"ad_id":"a2","title":"two","targeting":${deep}}\n`,
    );
    writeFileSync(join(dir, 'events.csv'), 'user_id,kind,at,ad_id\nu1,view,2024-01-01T00:00:00Z,a1\n');
    const { code, out } = await cli('import', 'csv', dir, '--out', join(root, 'deep-out'), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out).rows).toContainEqual(
      expect.objectContaining({ file: 'ads.jsonl', kept: 1, rejected: { 'not-a-json-object': 1 } }),
    );
  });
});

describe('one JSON array in the place of JSON lines', () => {
  it('is refused, packed or not, with the way to write it as lines', async () => {
    const dir = join(root, 'array');
    mkdirSync(dir);
    writeFileSync(join(dir, 'users.csv'), 'user_id\nu1\n');
    writeFileSync(join(dir, 'events.csv'), 'user_id,kind,at,ad_id\nu1,view,2024-01-01T00:00:00Z,a1\n');
    const ads = Array.from({ length: 100_000 }, (_, i) => ({
      ad_id: `ad${i}`,
      title: 'x'.repeat(100),
      category: 'a > b',
    }));
    writeFileSync(join(dir, 'ads.jsonl.gz'), gzipSync(JSON.stringify(ads), { level: 1 }));
    const { code, err } = await cli('import', 'csv', dir, '--out', join(root, 'array-out'));
    expect(code).toBe(2);
    expect(err).toContain('ads.jsonl.gz has no JSON object');
    expect(err).toContain('jq -c ".[]"');
  });
});
