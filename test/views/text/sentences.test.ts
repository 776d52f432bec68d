import { describe, expect, it } from 'vitest';
import type { ChannelHit } from '../../../src/domain/result.ts';
import { asciiLine } from '../../../src/views/text/ascii.ts';
import { span } from '../../../src/views/text/line.ts';
import { namesOf } from '../../../src/views/text/names.ts';
import { asciiOnly, renderPlain } from '../../../src/views/text/render.ts';
import { ago, and, didIt, evidenceText, hitsText } from '../../../src/views/text/sentences.ts';
import { namesFrom } from '../../../src/views/text/why-names.ts';
import { hanging } from '../../../src/views/text/wrap.ts';

describe('the words of an answer', () => {
  it('repeat each figure and id of the evidence as it is', () => {
    expect(evidenceText({ type: 'ann', ef: 128 })).toBe('index at ef 128');
    expect(evidenceText({ type: 'exact-scan', reason: 'no index' })).toBe('exact scan: no index');
    const item = { adId: 'ad-7', eventId: 'e-3', similarity: 0.34567, weight: 1, share: 0.4 };
    expect(evidenceText({ type: 'past-item', ...item })).toBe('bought or seen with ad-7 (e-3), similarity .3457');
    const query = { query: '智能 音箱', eventId: 'e-9', terms: ['智能', '音箱'], bm25: 2.456 };
    expect(evidenceText({ type: 'matched-query', ...query })).toBe(
      'searched “智能 音箱” (e-9), words 智能 音箱, bm25 2.46',
    );
    expect(evidenceText({ type: 'latest-browse', eventId: 'e-4', category: 'Home', count: 1 })).toBe(
      'latest browse in Home (e-4), 1 behaviour on the ad',
    );
    expect(evidenceText({ type: 'category-count', category: 'Home', behaviours: 12, count: 4 })).toBe(
      '12 behaviours in Home, 4 on the ad',
    );
    expect(evidenceText({ type: 'preset-position', position: 2 })).toBe('position 2 of the operator’s list');
    expect(evidenceText({ type: 'popularity', count: 41 })).toBe('41 behaviours on the ad');
  });

  it('give each channel with its rank', () => {
    const hit = (channel: ChannelHit['channel'], rank: number): ChannelHit => ({
      channel,
      rank,
      score: 1,
      evidence: { type: 'popularity', count: 1 },
    });
    expect(hitsText([hit('model', 1), hit('keyword', 4)])).toBe('model 1 · keyword 4');
  });

  it('place an instant before or after as-of', () => {
    expect([ago(3 * 86_400_000), ago(-120_000), ago(null)]).toEqual(['3 d ago', 'in 2 min', '–']);
  });

  it('join a list with commas and one "and"', () => {
    expect([and([]), and(['a']), and(['a', 'b']), and(['a', 'b', 'c'])]).toEqual(['', 'a', 'a and b', 'a, b and c']);
  });

  it('put a kind of behaviour into the past, and keep an unknown kind', () => {
    expect(['purchase', 'cart', 'stroke'].map(didIt)).toEqual(['bought', 'put in cart', 'stroke']);
  });
});

describe('the name of an ad', () => {
  it('is its title where there is one, else its id', () => {
    const { ad } = namesFrom({ 'ad-1': 'Aqara', 'ad-2': '' });
    expect(['ad-1', 'ad-2', 'ad-3', 'toString'].map(ad)).toEqual(['Aqara', 'ad-2', 'ad-3', 'toString']);
    expect(namesFrom(undefined).ad('ad-1')).toBe('ad-1');
  });

  it('comes from the behaviours on the screen before the answer, and never from an empty title', () => {
    const event = (eventId: string, adId: string, title: string | null) => ({
      ...{ eventId, group: null, kind: 'view', at: 0, platform: null, adId, title },
      ...{ query: null, peerId: null, excluded: false },
    });
    const events = [event('e-1', 'ad-1', 'on the screen'), event('e-2', 'ad-2', ''), event('e-3', 'ad-3', null)];
    const behaviour = { attributes: [], events, friends: 0, total: 3, byKind: [], perDay: [] };
    const names = namesOf({ behaviour, lists: {} }, { 'ad-1': 'in the answer', 'ad-2': 'Aqara' });
    expect(['ad-1', 'ad-2', 'ad-3'].map(names.ad)).toEqual(['on the screen', 'Aqara', 'ad-3']);
    expect([names.event('e-2')?.adId, names.event('e-9')]).toEqual(['ad-2', null]);
  });
});

describe('a labelled text', () => {
  it('hangs its further lines under the first, after the label and one blank', () => {
    expect(renderPlain(hanging('by', 'one two three four', 14))).toEqual(['by one two', '   three four']);
  });
});

describe('a terminal without Unicode', () => {
  it('gets one ASCII cell for each mark of the tool, and other text as it is', () => {
    const line = [span('▸ ▲ 12 ▼ 9 − + × ≥ ≤ Δ φ ⟨u, v⟩'), span(' 广告', 'good')];
    expect(asciiLine(line)).toEqual([span('> ^ 12 v 9 - + x > < d f <u, v>'), span(' 广告', 'good')]);
  });

  it('is one whose locale says so: LC_ALL before LC_CTYPE before LANG', () => {
    expect([{}, { LANG: 'de_DE' }, { LANG: 'en_US.UTF-8' }, { LANG: 'zh_CN.utf8' }].map(asciiOnly)).toEqual([
      ...[false, false, false, false],
    ]);
    expect(
      [{ LANG: 'C' }, { LC_CTYPE: 'POSIX' }, { LANG: 'de_DE.ISO-8859-1' }, { RECALL_TUI_ASCII: '1' }].map(asciiOnly),
    ).toEqual([true, true, true, true]);
    expect(asciiOnly({ LANG: 'en_US.UTF-8', LC_ALL: 'C' })).toBe(true);
    expect(asciiOnly({ LANG: 'C', LC_CTYPE: 'en_US.UTF-8' })).toBe(false);
    expect(asciiOnly({ LC_CTYPE: 'C', LC_ALL: 'en_US.UTF-8' })).toBe(false);
  });
});
