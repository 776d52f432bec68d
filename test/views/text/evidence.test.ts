import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/domain/channels.ts';
import { evidenceText } from '../../../src/views/text/evidence.ts';
import type { Names } from '../../../src/views/text/names.ts';

const names: Names = { ad: (id) => `${id} Aqara`, event: () => null };

describe('the evidence of a channel in words', () => {
  it('repeats each figure of the evidence as it is', () => {
    expect(evidenceText({ type: 'ann', ef: 128 })).toBe('found by the index at ef 128');
    expect(evidenceText({ type: 'exact-scan', reason: 'no index' })).toBe('found by the exact scan: no index');
    expect(evidenceText({ type: 'latest-browse', eventId: 'e1', category: 'Home/Lamp', count: 3 })).toBe(
      'latest browse was in Home/Lamp; 3 behaviours with this ad there',
    );
    expect(evidenceText({ type: 'category-count', category: 'Home', behaviours: 12, count: 4 })).toBe(
      '12 behaviours in Home; 4 with this ad',
    );
    expect(evidenceText({ type: 'preset-position', position: 2 })).toBe("number 2 of the operator's list");
    expect(evidenceText({ type: 'popularity', count: 41 })).toBe('41 behaviours of all users');
  });

  it('quotes the query with every word that matched', () => {
    expect(
      evidenceText({ type: 'matched-query', eventId: 'e1', query: '智能 音箱', terms: ['智能', '音箱'], bm25: 2.456 }),
    ).toBe('searched "智能 音箱": matches 智能, 音箱 (bm25 2.46)');
  });

  it('names the past item by its title where titles are at hand, with its share in percent', () => {
    const evidence: Evidence = {
      type: 'past-item',
      adId: 'ad-7',
      eventId: 'e1',
      similarity: 0.34567,
      weight: 1,
      share: 0.428,
    };
    expect(evidenceText(evidence)).toBe('seen together with ad-7 (similarity .346, 43 % of its score)');
    expect(evidenceText(evidence, names)).toBe('seen together with ad-7 Aqara (similarity .346, 43 % of its score)');
  });

  it('says 1 behaviour, not 1 behaviours', () => {
    expect(evidenceText({ type: 'popularity', count: 1 })).toBe('1 behaviour of all users');
  });
});
