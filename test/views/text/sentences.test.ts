import { describe, expect, it } from 'vitest';
import type { ChannelHit } from '../../../src/domain/result.ts';
import { asciiLine } from '../../../src/views/text/ascii.ts';
import { span } from '../../../src/views/text/line.ts';
import { namesFrom } from '../../../src/views/text/names.ts';
import { asciiOnly, renderPlain } from '../../../src/views/text/render.ts';
import { ago, and, didIt, hitsText } from '../../../src/views/text/sentences.ts';
import { hanging } from '../../../src/views/text/sentences.ts';

describe('the words of an answer', () => {
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
