import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { realCli, type Ran } from '../support/real-cli.ts';

/** Paths, outputs, ids and texts that took a command down, or made it answer from another file. */
const root = mkdtempSync(join(tmpdir(), 'recall-hostile-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const env = { XDG_CACHE_HOME: join(root, '.cache') };
const cli = (...argv: string[]): Promise<Ran> => realCli(argv, env);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A small workspace with `rules.json`; the index is the one of a field case, its damage is not read. */
const workspace = async (as: string): Promise<string> => {
  const dir = join(root, as);
  const made = await cli('import', 'csv', source('fuzz-newline-in-id'), '--out', dir);
  expect(made.err).not.toContain('::error');
  return dir;
};

/** The manifest with one field of it changed. */
const change = (dir: string, edit: (manifest: Record<string, unknown>) => void): void => {
  const path = join(dir, 'recall.json');
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isObject(manifest)) throw new Error('the manifest is no object');
  edit(manifest);
  writeFileSync(path, JSON.stringify(manifest));
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a path of the manifest', () => {
  it('is refused where it leads out of the workspace: absolute, by .., by a symlink', async () => {
    const dir = await workspace('outside');
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'rules.json'), '{}');
    symlinkSync(join(elsewhere, 'rules.json'), join(dir, 'linked.json'));
    for (const file of [join(elsewhere, 'rules.json'), '../elsewhere/rules.json', 'linked.json'])
      for (const command of [
        ['recall', 'nobody', '-w', dir],
        ['doctor', dir],
      ]) {
        change(dir, (manifest) => {
          manifest['rules'] = { file, sha256: sha256('{}') };
        });
        const { code, err } = await cli(...command);
        expect(code).toBe(2);
        expect(err).toContain('the legacy rules: outside the workspace (');
        expect(err).toContain('"outside": true');
      }
  });

  it('is refused where a link in the folder of a model leads out of the workspace, and read once the manifest says outside', async () => {
    const dir = join(root, 'linked-model');
    cpSync(source('tfjs-nan-weights/ws'), dir, { recursive: true });
    const [model, given] = [join(dir, 'layers', 'model.json'), join(root, 'given-model.json')];
    renameSync(model, given);
    symlinkSync(given, model);
    for (const command of [
      ['recall', 'nobody', '-w', dir],
      ['doctor', dir],
    ]) {
      const { code, err } = await cli(...command);
      expect(code).toBe(2);
      expect(err).toContain(`the LayersModel: outside the workspace (${model})`);
      expect(err).toContain(given);
    }
    change(dir, (manifest) => {
      manifest['outside'] = true;
    });
    expect((await cli('recall', 'nobody', '-w', dir)).err).not.toContain('outside');
  });

  it('is a file name for a vocabulary, which is hashed with the folder of its model', async () => {
    const dir = join(root, 'vocabulary');
    cpSync(source('tfjs-nan-weights/ws'), dir, { recursive: true });
    change(dir, (manifest) => {
      const { model } = manifest;
      if (!isObject(model) || !isObject(model['inputs'])) throw new Error('no inputs');
      model['inputs'] = { hour: { reads: 'choice', group: 'context', field: 'hour', vocabulary: '../hours.txt' } };
    });
    const { code, err } = await cli('recall', 'nobody', '-w', dir);
    expect(code).toBe(2);
    expect(err).toContain('vocabulary');
    expect(err).toContain("the name of a file in the model's folder");
  });

  it('may be absolute once the manifest says outside, and is read where it is hashed', async () => {
    const dir = await workspace('absolute');
    const rules = join(root, 'given', 'rules.json');
    const shadow = join(dir, rules);
    for (const path of [rules, shadow]) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(rules, '{"keywordQueries": 7}');
    writeFileSync(shadow, 'not the file that is hashed');
    change(dir, (manifest) => {
      manifest['outside'] = true;
      manifest['rules'] = { file: rules, sha256: sha256('{"keywordQueries": 7}') };
    });
    const { err } = await cli('recall', 'nobody', '-w', dir);
    expect(err).toContain('nobody');
    expect(err).not.toContain('JSON');
  });
});

describe('an output that cannot be written', () => {
  it.skipIf(!existsSync('/dev/full'))('ends with exit 2 and one line that says why', () => {
    const bin = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [bin, 'commands', '--json'], {
      encoding: 'utf8',
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    expect(stderr).toBe('recall-tui: the output cannot be written: no space left on the disk\n');
    expect(status).toBe(2);
  });
});

describe('a line break in an id or an argument', () => {
  const linesOf = (ran: Ran): string[] => `${ran.out}\n${ran.err}`.split('\n').map((line) => line.trim());
  const commands = (ran: Ran): string[] => linesOf(ran).filter((line) => /^(::|##\[)/.test(line));

  it('starts no line of a message', async () => {
    const dir = await workspace('breaks');
    for (const argv of [
      ['recall', 'nobody', '-w', dir],
      ['recall', 'no\n::error::x', '-w', dir],
      ['recall', 'no\r::error::x', '-w', dir],
      ['no\n::error::x'],
      ['recall', 'nobody', '--preset', '\n::error::x', '-w', dir],
    ]) {
      const ran = await cli(...argv);
      expect(ran.code).toBe(2);
      expect(commands(ran)).toEqual([]);
    }
    expect((await cli('recall', 'no\n::error::x', '-w', dir)).err).toContain('no␊::error::x');
  });

  it('starts no row of a table, nor does an id that is a command itself', async () => {
    const dir = await workspace('rows');
    const ads = await cli('ads', '-w', dir);
    expect(ads.code).toBe(0);
    expect(ads.out).toContain(':·error::adpwn');
    expect(commands(ads)).toEqual([]);
  });
});
