import { describe, expect, it } from 'vitest';
import { collectTexts, screenFolders } from '../docs/screen-texts.ts';

const { texts, outside, unread } = collectTexts();

describe('the table of screen texts', () => {
  it('can be collected from every call', () => {
    expect(unread).toEqual([]);
    expect(texts.length).toBeGreaterThan(100);
  });

  it('holds every text of the screen', () => {
    expect(outside).toEqual([]);
    expect(screenFolders.length).toBeGreaterThan(0);
  });
});
