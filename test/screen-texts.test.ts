import { describe, expect, it } from 'vitest';
import { collectTexts, screenFolders } from '../docs/screen-texts.ts';

/** Folders whose texts are not in the table yet. */
const waiting = ['views/answers'];

const { texts, outside, unread } = collectTexts();

describe('the table of screen texts', () => {
  it('can be collected from every call', () => {
    expect(unread).toEqual([]);
    expect(texts.length).toBeGreaterThan(100);
  });

  it('holds every text of the screen', () => {
    const late = outside.filter(({ at }) => !waiting.some((folder) => at.startsWith(`${folder}/`)));
    expect(late).toEqual([]);
    expect(screenFolders.length).toBeGreaterThan(0);
  });
});
