import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exampleKinds, writeWorkspaces, type ExampleKind } from '../../fixtures/foreign/make-workspaces.ts';
import { createFactories } from '../../src/index.ts';
import { localHost } from '../support/local-host.ts';
import { realCli } from '../support/real-cli.ts';
import { keys, runTui } from '../support/tui.ts';
import { temporaryFolder } from '../support/vectors.ts';

let dirs: Readonly<Record<ExampleKind, string>>;
const cache = temporaryFolder('examples-cache');
const env = { XDG_CACHE_HOME: cache, XDG_CONFIG_HOME: cache };

beforeAll(async () => {
  dirs = await writeWorkspaces(temporaryFolder('examples'), env);
}, 60_000);

const ask = async (kind: ExampleKind, ...argv: string[]) => {
  const { code, out, err } = await realCli(['-w', dirs[kind], ...argv, '--json'], env);
  return { code, err, data: out === '' ? null : JSON.parse(out) };
};

describe.each(exampleKinds)('the example workspace of a model of kind %s', (kind) => {
  it('passes its doctor, recalls, and says why an ad is not recalled', async () => {
    const doctor = await realCli(['doctor', dirs[kind], '--json'], env);
    expect([doctor.code, JSON.parse(doctor.out).checks.filter(({ ok }: { ok: boolean }) => !ok)]).toEqual([0, []]);
    for (const mode of ['model', 'i2i', 'legacy', 'merged'])
      expect((await ask(kind, 'recall', 'u-03', '--mode', mode)).data.candidates.length).toBeGreaterThan(3);
    const { data } = await ask(kind, 'recall', 'u-03', '--mode', 'model', '-k', '60');
    const tail = data.candidates.at(-1).adId;
    expect((await ask(kind, 'why-not', 'u-03', tail, '--mode', 'model', '-k', '5')).data.verdict).toBe('below-cutoff');
    expect((await ask(kind, 'why-not', 'u-03', 'ad-0019', '--mode', 'model')).data.verdict).toBe('ineligible');
  });

  it('explains by parts that sum to the score, or refuses with its reason', async () => {
    const { data: recalled } = await ask(kind, 'recall', 'u-03', '--mode', 'model');
    const [first] = recalled.candidates;
    const { code, err, data } = await ask(kind, 'explain', 'u-03', first.adId);
    if (kind === 'vectors') {
      expect([code, err]).toEqual([2, expect.stringContaining('the user vectors are precomputed')]);
      return;
    }
    expect(code).toBe(0);
    const sum = data.groups.reduce((total: number, { phi }: { phi: number }) => total + phi, data.baseline);
    expect(sum).toBeCloseTo(first.score, 5);
    expect(data.approximations.length > 0).toBe(kind === 'tfjs-layers');
  });
});

describe('the script of the example workspaces', () => {
  // TensorFlow numbers the names of a second LayersModel in one process: its manifest has another hash here, not in another run.
  it('writes the same bytes each time', async () => {
    const again = await writeWorkspaces(temporaryFolder('examples'), env);
    for (const kind of exampleKinds)
      for (const name of [
        'sample.sqlite',
        'ad.fvecs',
        'ads.hnsw',
        'ads.i2i',
        ...(kind === 'tfjs-layers' ? [] : ['recall.json']),
      ])
        expect(
          readFileSync(join(again[kind], name)).equals(readFileSync(join(dirs[kind], name))),
          `${kind}/${name}`,
        ).toBe(true);
  }, 60_000);
});

describe('the screen over precomputed user vectors', () => {
  it('says with each key that needs a tower why it is disabled, in the model’s own words', async () => {
    const t = await runTui(120, 40, { realHost: localHost(dirs.vectors, createFactories(env)) });
    await t.press(keys.enter);
    expect(t.screen.text()).toMatch(/\[model \d+\]/);
    for (const key of ['w', 'e']) {
      await t.press(key);
      expect(t.screen.text()).toMatch(new RegExp(`! ${key}: the user vectors are precomputed`));
      expect(t.screen.text().match(/the user vectors are precomputed/g)?.length).toBeLessThan(3);
    }
    await t.press('q');
    expect(await t.exit).toBe(0);
  });
});
