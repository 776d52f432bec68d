import { describe, expect, it } from 'vitest';
import { decodeText } from '../../src/base/text-file.ts';

const text = 'ad,标题 😀\r\n';
const swapped = (bytes: Buffer): Buffer => bytes.swap16();

describe('a text of a person’s editor', () => {
  it.each<[string, Buffer]>([
    ['UTF-8 without a mark', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, little end first', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big end first', swapped(Buffer.from(`\ufeff${text}`, 'utf16le'))],
  ])('is read in %s', (_, bytes) => {
    expect(decodeText(bytes)).toBe(text);
  });

  it('keeps a mark that is not at its start', () => {
    expect(decodeText(Buffer.from('a\ufeffb'))).toBe('a\ufeffb');
  });
});
