import { describe, expect, it } from 'vitest';
import { bigramsOf, wordsOf } from '../../../src/domain/tower/words.ts';

describe('wordsOf', () => {
  it('lowers, folds width, drops punctuation and HTML entities', () => {
    expect(wordsOf('Phantasy Star Online&amp; ＩＩ: Épée-2')).toEqual([
      'phantasy',
      'star',
      'online',
      'ii',
      'épée',
      '2',
    ]);
  });

  it('cuts Chinese into words that bigrams put together again', () => {
    const words = wordsOf('天猫精灵 智能音箱Pro');
    expect(words.join('')).toBe('天猫精灵智能音箱pro');
    expect(words).toContain('智能');
    expect(bigramsOf(words)).toContain('音 箱');
  });

  it('keeps Cyrillic and Greek words whole', () => {
    expect(wordsOf('Война и мир, Ἰλιάς')).toEqual(['война', 'и', 'мир', 'ἰλιάς']);
  });

  it('reads at most forty words of a title that never ends', () => {
    expect(wordsOf('a '.repeat(5000))).toHaveLength(40);
    expect(bigramsOf([])).toEqual([]);
  });
});
