import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jaccard, rbo } from '../../src/domain/rank-similarity.ts';
import type { RecallAnswer } from '../../src/state/types.ts';
import { memoryHost } from '../support/memory-host.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

let t: RunningTui;
beforeEach(async () => {
  t = await runTui(200, 60, { realHost: memoryHost() });
  await t.press(keys.enter);
});
afterEach(async () => {
  t.stdin.emit('end');
  await t.exit;
});

const listOf = (mode: 'model' | 'legacy'): RecallAnswer => {
  const list = t.store.get().lists[mode];
  if (list === undefined) throw new Error(`no list of ${mode}`);
  return list;
};
/** The two halves of the list's pane, row by row below the titles. */
const halves = (): ReadonlyArray<readonly [string, string]> =>
  t.screen
    .lines()
    .slice(4, 14)
    .map((line) => {
      const inside = line.split('┃')[1] ?? '';
      const [left = '', right = ''] = inside.split(' │ ');
      return [left, right];
    });
const two = (x: number): string => x.toFixed(2).replace(/^0\./, '.');

describe('the two lists side by side', () => {
  it('give for every ad its rank in the other list, or – where that list does not have it', async () => {
    await t.press('x');
    const [a, b] = [listOf('model').data.candidates, listOf('legacy').data.candidates];
    const said = (adId: string, other: RecallAnswer['data']['candidates']): string => {
      const there = other.find((ad) => ad.adId === adId);
      return there === undefined ? '–' : `#${there.rank}`;
    };
    const rows = halves();
    expect(new Set(a.map((ad) => said(ad.adId, b) === '–')).size).toBe(2);
    for (const [i, [left, right]] of rows.entries()) {
      expect(left).toMatch(new RegExp(` ${said(a[i]?.adId ?? '', b)} `));
      expect(right).toMatch(new RegExp(` ${said(b[i]?.adId ?? '', a)} `));
    }
  });

  it('mark the ad under the cursor in both, and give its place in the other list next to its provenance', async () => {
    await t.press('x');
    const [a, b] = [listOf('model').data.candidates, listOf('legacy').data.candidates];
    const shared = a.findIndex((ad) => b.some(({ adId }) => adId === ad.adId));
    const alone = a.findIndex((ad) => !b.some(({ adId }) => adId === ad.adId));
    const at = async (row: number): Promise<void> => {
      await t.press('g', ...Array.from({ length: row }, () => 'j'));
    };
    await at(shared);
    const there = b.find(({ adId }) => adId === a[shared]?.adId);
    expect(halves().map(([left, right]) => [left.includes('▸'), right.includes('▸')])).toEqual(
      a.map((_, i) => [i === shared, i + 1 === there?.rank]),
    );
    expect(t.screen.text()).toContain(`In legacy: rank ${there?.rank}, placed by ${there?.via}`);
    await at(alone);
    expect(halves().some(([, right]) => right.includes('▸'))).toBe(false);
    expect(t.screen.text()).toContain('In legacy: not in the list.');
  });

  it('have a comparison below: how alike they are, engaged ads, channels, categories and prices; with one list the funnel is there', async () => {
    expect(t.screen.text()).toContain('Funnel');
    await t.press('x');
    const [a, b] = [listOf('model'), listOf('legacy')];
    const ids = [a.data.candidates.map((ad) => ad.adId), b.data.candidates.map((ad) => ad.adId)] as const;
    const text = t.screen.text();
    expect(text).not.toContain('Funnel');
    expect(text).toContain(`Jaccard ${two(jaccard(...ids))}, RBO ${two(rbo(...ids))}`);
    expect(text).toContain(
      `Engaged ads recalled: ${a.data.truth.recalled} and ${b.data.truth.recalled} of ${a.data.truth.engaged}.`,
    );
    const placed = b.data.candidates.filter((ad) => ad.via === b.data.candidates[0]?.via).length;
    expect(text).toMatch(new RegExp(`Ads of legacy by channel: .*${b.data.candidates[0]?.via} ${placed}`));
    const share = (ads: RecallAnswer['data']['candidates'], category: string): string =>
      `${Math.round((100 * ads.filter((ad) => ad.category === category).length) / ads.length)} %`;
    const gap = (category: string): number =>
      Math.abs(
        a.data.candidates.filter((ad) => ad.category === category).length -
          b.data.candidates.filter((ad) => ad.category === category).length,
      );
    const widest =
      [...new Set([...a.data.candidates, ...b.data.candidates].map((ad) => ad.category))].sort(
        (x, y) => gap(y) - gap(x) || (x < y ? -1 : 1),
      )[0] ?? '';
    expect(text).toMatch(
      new RegExp(`${widest} +${share(a.data.candidates, widest)} +${share(b.data.candidates, widest)}`),
    );
    expect(text).toContain('median price');
  });
});

describe('the key W', () => {
  it('leaves out a group of the model, or a rule of the legacy list, and shows both lists by name', async () => {
    const asked = t.store.get().query;
    await t.press('W', ...'browse', keys.enter);
    expect(t.screen.text()).toContain('model without browse');
    const { detail } = t.store.get();
    expect(detail).toMatchObject({ kind: 'answer', command: 'compare', args: { without: 'browse' }, error: null });
    if (detail.kind !== 'answer') throw new Error('no answer');
    expect(detail.result?.schema === 'compare' ? detail.result.data.queries : null).toMatchObject({
      a: asked,
      b: { ...asked, weights: { ...asked?.weights, browse: 0 } },
    });
    await t.press(keys.esc, 'M', 'M', 'W', ...'priority', keys.enter);
    expect(t.store.get().mode).toBe('legacy');
    expect(t.screen.text()).toContain('legacy without priority');
    // The list on the screen stays the one it was: nothing was changed.
    expect(t.store.get().query).toEqual({ ...asked, mode: 'legacy' });
  });

  it('names the parts there are where another is typed', async () => {
    await t.press('W', ...'keyword', keys.enter);
    expect(t.screen.text()).toContain('mode model has no part "keyword": use one of browse');
    expect(t.store.get().prompt?.kind).toBe('without');
    await t.press(keys.esc, 'M', 'W', ...'browse', keys.enter);
    expect(t.screen.text()).toContain('mode i2i has no part to remove');
  });
});
