import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { knownError, RecallError } from '../../src/errors.ts';
import { createFactories } from '../../src/index.ts';
import { realCli, type Ran } from '../support/real-cli.ts';
import { trainedWorkspace, type TrainedWorkspace } from '../support/trained-workspace.ts';
import { temporaryFolder, unitVectors } from '../support/vectors.ts';

let made: TrainedWorkspace;
beforeAll(async () => {
  made = await trainedWorkspace();
});

const copy = (): string => {
  const dir = join(temporaryFolder('bad'), 'ws');
  cpSync(made.dir, dir, { recursive: true });
  return dir;
};

const ask = (argv: readonly string[], dir = made.dir): Promise<Ran> => realCli([...argv, '-w', dir], made.env);

const patch = (path: string, change: (bytes: Buffer) => void): void => {
  const bytes = readFileSync(path);
  change(bytes);
  writeFileSync(path, bytes);
};
const flip =
  (at: number) =>
  (bytes: Buffer): void => {
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  };

/** Refused: exit 2, nothing on stdout, what was expected, found and can be done on stderr, and no stack trace. */
const refused = ({ code, out, err }: Ran, message: RegExp): void => {
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
  expect(err).toMatch(/\n {2}expected: \S[^]*\n {2}found: {4}\S[^]*\n {2}to do: {4}\S/);
  expect(err).not.toMatch(/\n\s+at .*:\d+|internal error/);
};

const manifestIn = (dir: string): Record<string, unknown> & { sample: Record<string, unknown> } =>
  JSON.parse(readFileSync(join(dir, 'recall.json'), 'utf8'));
const patchManifest = (dir: string, change: Readonly<Record<string, unknown>>): void =>
  writeFileSync(join(dir, 'recall.json'), JSON.stringify({ ...manifestIn(dir), ...change }));
const patchSample = (dir: string, change: Readonly<Record<string, unknown>>): void =>
  patchManifest(dir, { sample: { ...manifestIn(dir).sample, ...change } });
const patchRules = (dir: string, text: string): void => {
  writeFileSync(join(dir, 'rules.json'), text);
  patchManifest(dir, { rules: { file: 'rules.json', sha256: createHash('sha256').update(text).digest('hex') } });
};

describe('an unusable workspace', () => {
  const cases: Array<[string, (dir: string) => unknown, RegExp]> = [
    [
      'a truncated index',
      (dir) => truncateSync(join(dir, 'ads.hnsw'), statSync(join(dir, 'ads.hnsw')).size - 100),
      /ads\.hnsw/,
    ],
    [
      'an index of another dimension',
      (dir) =>
        createFactories(made.env).indexes.hnsw.build({
          vectors: unitVectors(120, 6, 1),
          path: join(dir, 'ads.hnsw'),
          m: 16,
          efConstruction: 50,
          seed: 1,
        }),
      /another dimension[^]*8[^]*6/,
    ],
    [
      'a swapped model',
      (dir) =>
        patch(
          join(dir, 'model', readdirSync(join(dir, 'model')).find((name) => name !== 'model.json') ?? ''),
          flip(40),
        ),
      /the model: not what the manifest names/,
    ],
    [
      'a flipped byte of a vector',
      (dir) => patch(join(dir, 'ads.vectors'), flip(100)),
      /the ad vectors: not what the manifest names/,
    ],
    [
      'a NaN among the vectors',
      (dir) => patch(join(dir, 'ads.vectors'), (bytes) => bytes.writeFloatLE(Number.NaN, 100)),
      /not finite[^]*row 3, column 1/,
    ],
    ['a sample that is no SQLite', (dir) => writeFileSync(join(dir, 'sample.sqlite'), 'hello'), /is not a SQLite file/],
    ['a sample cut short', (dir) => truncateSync(join(dir, 'sample.sqlite'), 6000), /sample/],
    [
      'a missing table',
      (dir) => {
        const db = new Database(join(dir, 'sample.sqlite'));
        db.exec('DROP TABLE friends');
        db.close();
      },
      /no table friends/,
    ],
    ['a missing artefact', (dir) => rmSync(join(dir, 'ads.i2i')), /missing/],
    [
      'a manifest of a later version',
      (dir) => writeFileSync(join(dir, 'recall.json'), '{"format":"recall-tui/workspace@2"}'),
      /a format this version does not know[^]*the version of recall-tui that wrote it/,
    ],
    ['a manifest that is no JSON', (dir) => writeFileSync(join(dir, 'recall.json'), '{'), /is not JSON/],
    [
      'a field of another type in the manifest',
      (dir) =>
        writeFileSync(
          join(dir, 'recall.json'),
          readFileSync(join(dir, 'recall.json'), 'utf8').replace('"horizonMs": null', '"horizonMs": "soon"'),
        ),
      /horizonMs is wrong[^]*"soon"/,
    ],
    [
      'a mapping without the column of its times',
      (dir) =>
        patchSample(dir, {
          kind: 'mapped',
          tables: { ads: { from: 'ads', id: 'id' }, events: { from: 'log', user: 'who', kind: 'did' } },
        }),
      /sample\.tables\.events\.at is missing[^]*expected: a column, or \{"column"[^]*found: {4}nothing/,
    ],
    [
      'a mapping of several tables, one of them wrong',
      (dir) =>
        patchSample(dir, {
          kind: 'mapped',
          tables: {
            ads: { from: 'ads', id: 'id' },
            events: [
              { from: 'log', user: 'who', kind: 'did', at: 'ts' },
              { from: 'buys', user: 3, kind: 'did', at: 'ts' },
            ],
          },
        }),
      /sample\.tables\.events\.1\.user is wrong[^]*expected: string[^]*found: {4}3/,
    ],
    [
      'a mapping with a field nobody knows',
      (dir) => patchSample(dir, { kind: 'mapped', tables: { ads: { from: 'ads', id: 'id', colour: 'c' } } }),
      /sample\.tables\.ads\.colour is wrong[^]*no field of that name[^]*"c"/,
    ],
    [
      'a model of a kind nobody knows',
      (dir) => patchManifest(dir, { model: { kind: 'pickle' } }),
      /model\.kind is wrong[^]*expected: 'two-tower' \| 'vectors'[^]*"pickle"/,
    ],
    [
      'rules that are no JSON',
      (dir) => patchRules(dir, '{'),
      /rules\.json is not JSON[^]*one JSON object of legacy rules/,
    ],
    [
      'rules with a field of another type',
      (dir) => patchRules(dir, '{"keywordQueries":"two"}'),
      /rules\.json: keywordQueries is wrong[^]*expected: number[^]*"two"/,
    ],
  ];

  it.each(cases)('fails with expected, found and to do: %s', async (_, damage, message) => {
    const dir = copy();
    await damage(dir);
    const before = readdirSync(dir).sort();
    refused(await ask(['recall', 'u1'], dir), message);
    refused(await ask(['recall', 'u1', '--json'], dir), message);
    expect(readdirSync(dir).sort()).toEqual(before);
  });

  it('fails with expected, found and to do: a folder that does not exist', async () =>
    refused(await ask(['recall', 'u1'], '/nowhere'), /names no workspace/));

  it('shows a byte flipped behind an unchanged size and time only to doctor, which computes each hash again', async () => {
    const dir = copy();
    const path = join(dir, 'ads.vectors');
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    expect((await ask(['recall', 'u1'], dir)).code).toBe(0);
    patch(path, flip(100));
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    expect((await ask(['recall', 'u1'], dir)).code).toBe(0);
    const { code, out } = await realCli(['doctor', dir], made.env);
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL +vectors file/);
  });
});

describe('the id of a user or ad', () => {
  it('fails with the nearest ids for an unknown user', async () =>
    refused(await ask(['recall', 'u100']), /no user u100[^]*nearest: u1/));
  it('fails with the nearest ids for an unknown ad', async () =>
    refused(await ask(['ad', 'ad-01']), /ad-01[^]*"ad-01\d"/));

  it('stays the same string above 2^32 and without a number', async () => {
    const json = JSON.parse((await ask(['ad', '4294967301', '--json'])).out);
    expect(json).toMatchObject({ schema: 'recall-tui/ad@1', ad: { adId: '4294967301' } });
    const list = JSON.parse((await ask(['recall', 'u1', '--json', '--no-eligibility', '-k', '120'])).out);
    const ids: unknown[] = list.candidates.map((c: { adId: unknown }) => c.adId);
    expect(ids).toContain('4294967301');
    expect(ids).toContain('ad-005');
    expect(new Set(ids).size).toBe(120);
    expect((await ask(['ad', '5'])).code).toBe(2);
  });
});

describe('unusual input', () => {
  it('gets an answer for a user without history, with the channels that had no input', async () => {
    const { code, out } = await ask(['recall', 'empty', '--mode', 'merged', '--json']);
    const { candidates, silent } = JSON.parse(out);
    expect(code).toBe(0);
    expect(candidates.length).toBeGreaterThan(0);
    expect(Object.keys(silent)).toEqual(
      expect.arrayContaining(['i2i', 'keyword', 'recent-category', 'frequent-category']),
    );
    expect(Object.keys(silent)).not.toContain('popular');
  });

  it('prints a title with escape sequences harmlessly and keeps it whole in JSON', async () => {
    for (const argv of [
      ['ads', 'hostile'],
      ['ad', 'ad-005'],
      ['recall', 'u5', '-k', '100', '--no-eligibility'],
      ['events', 'u5'],
      ['inputs', 'u5'],
    ]) {
      const { code, out } = await ask(argv);
      expect(code).toBe(0);
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
    expect((await ask(['ad', 'ad-005'])).out).toContain('hostile');
    expect(JSON.parse((await ask(['ad', 'ad-005', '--json'])).out).ad.title).toBe('\u001b[2J\u0007 \u202ehostile 5');
  });
});

describe('an import', () => {
  const importOf = async (
    files: Readonly<Record<string, string | Buffer>>,
  ): Promise<Ran & { readonly out2: string }> => {
    const dir = temporaryFolder('import');
    mkdirSync(join(dir, 'source'));
    const all = {
      'users.csv': 'userId\nu1\n',
      'ads.csv': 'adId,title\na1,one\na2,two\n',
      'events.csv': 'eventId,userId,kind,at,adId\ne1,u1,click,1750000000000,a1\n',
      ...files,
    };
    for (const [name, text] of Object.entries(all)) writeFileSync(join(dir, 'source', name), text);
    return {
      ...(await realCli(['import', 'csv', join(dir, 'source'), '--out', join(dir, 'ws'), '--json'], made.env)),
      out2: join(dir, 'ws'),
    };
  };
  const rejects = (dir: string): Array<{ file: string; line: number; reason: string }> =>
    readFileSync(join(dir, 'rejects.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('keeps the good rows and reports a bad one with its line', async () => {
    const { code, out2 } = await importOf({
      'events.csv':
        'eventId,userId,kind,at,adId\ne1,u1,click,1750000000000,a1\ne2,u1,click,yesterday,a1\ne3,u1,click,1750000000001,a2\n',
    });
    expect(code).toBe(0);
    expect(rejects(out2)).toEqual([expect.objectContaining({ file: 'events.csv', line: 3, reason: 'bad-time' })]);
  });

  it('keeps the first of duplicate ids and reports the others', async () => {
    const { code, out2 } = await importOf({ 'ads.csv': 'adId,title\na1,one\na2,two\na1,three\n' });
    expect(code).toBe(0);
    expect(rejects(out2)).toEqual([expect.objectContaining({ file: 'ads.csv', line: 4, reason: 'duplicate-id' })]);
  });

  it('refuses another encoding, with the way to convert it, and leaves nothing', async () => {
    for (const bytes of [
      Buffer.from('adId,title\na1,\xd6\xc7\xc4\xdc\n', 'latin1'),
      Buffer.from('adId,title\na1,one\n', 'utf16le'),
    ]) {
      const ran = await importOf({ 'ads.csv': bytes });
      refused(ran, /UTF-8|utf-8/);
      expect(ran.err).toMatch(/iconv/);
      expect(existsSync(ran.out2)).toBe(false);
      expect(readdirSync(join(ran.out2, '..'))).toEqual(['source']);
    }
  });
});

describe('a refusal of the file system', () => {
  it.each([
    ['ENOSPC', /no space left/],
    ['EACCES', /no permission/],
    ['EROFS', /read-only/],
    ['SQLITE_FULL', /no space left/],
    ['SQLITE_IOERR_WRITE', /input\/output/],
  ])('counts %s as unusable input with its cause, not as a bug', (code, found) => {
    const error = knownError(Object.assign(new Error('refused'), { code }));
    expect(error).toBeInstanceOf(RecallError);
    expect([error?.exitCode, error?.found]).toEqual([2, expect.stringMatching(found)]);
  });

  it('leaves other errors the bugs they are', () => {
    expect(knownError(new TypeError('x is not a function'))).toBeNull();
    expect(knownError(Object.assign(new Error('odd'), { code: 'ERR_INVALID_ARG_TYPE' }))).toBeNull();
  });

  it('names an output folder that lies below a file', async () => {
    const dir = temporaryFolder('below');
    writeFileSync(join(dir, 'file'), '');
    mkdirSync(join(dir, 'source'));
    for (const [name, text] of [
      ['users.csv', 'userId\nu1\n'],
      ['ads.csv', 'adId,title\na1,one\n'],
      ['events.csv', 'eventId,userId,kind,at,adId\n'],
    ] as const)
      writeFileSync(join(dir, 'source', name), text);
    refused(
      await realCli(['import', 'csv', join(dir, 'source'), '--out', join(dir, 'file', 'ws')], made.env),
      /the file system refused/,
    );
  });
});
