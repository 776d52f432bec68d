import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, type KeyInput } from '../../src/tui/keys.ts';

const names = (bytes: string, flush = true): string[] =>
  decode('', bytes, flush).keys.map((k) => (k.type === 'paste' ? `paste:${k.text}` : k.key));

const decodeChunks = (chunks: readonly string[]): KeyInput[] => {
  let rest = '';
  const keys: KeyInput[] = [];
  for (const chunk of chunks) {
    const decoded = decode(rest, chunk);
    rest = decoded.rest;
    keys.push(...decoded.keys);
  }
  return [...keys, ...decode(rest, '', true).keys];
};

describe('the key decoder', () => {
  it('knows the keys of xterm, rxvt and the application mode', () => {
    expect(names('\u001b[A\u001bOB\u001b[5~\u001b[6~\u001b[H\u001b[1~\u001bOF\u001b[Z\u001b[1;2C\u001b[1;5D')).toEqual([
      'up',
      'down',
      'pgup',
      'pgdn',
      'home',
      'home',
      'end',
      'shift-tab',
      'shift-right',
      'ctrl-left',
    ]);
  });

  it('tells return, tab, backspace and control keys', () => {
    expect(names('\r\t\u007f\u0003\u001a\u0010')).toEqual(['enter', 'tab', 'backspace', 'ctrl-c', 'ctrl-z', 'ctrl-p']);
  });

  it('gives a lone ESC as the key Esc once nothing follows', () => {
    expect(decode('', '\u001b')).toEqual({ keys: [], rest: '\u001b' });
    expect(names('\u001b')).toEqual(['esc']);
    expect(names('\u001bb')).toEqual(['alt-b']);
  });

  it('splits several characters of one chunk into graphemes', () => {
    expect(names('j音👩‍👩‍👧e\u0301')).toEqual(['j', '音', '👩‍👩‍👧', 'e\u0301']);
  });

  it('takes a bracketed paste as one, whatever stands in it', () => {
    expect(names('\u001b[200~q\r\u001b[A音\u001b[201~x')).toEqual(['paste:q\r\u001b[A音', 'x']);
  });

  it('swallows mouse, focus and terminal reports', () => {
    expect(
      names('\u001b[<0;10;5M\u001b[M !!\u001b[I\u001b[O\u001b[12;40R\u001b]11;rgb:0/0/0\u0007\u001bP1+r\u001b\\a'),
    ).toEqual(['a']);
  });

  it('gives the same keys however the bytes are cut into chunks', () => {
    const piece = fc.constantFrom(
      'a',
      '音',
      '\u001b[A',
      '\u001b[1;5C',
      '\u001b[200~x\ry\u001b[201~',
      '\u001b[<0;1;1M',
      '\r',
      '\u007f',
      '\u001bOP',
      '\u001b]0;t\u0007',
      'Q',
      '\u001b[6~',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(30), { maxLength: 10 }), (pieces, cuts) => {
        const bytes = pieces.join('');
        const chunks: string[] = [];
        let rest = bytes;
        for (const cut of cuts) {
          chunks.push(rest.slice(0, cut));
          rest = rest.slice(cut);
        }
        expect(decodeChunks([...chunks, rest])).toEqual(decodeChunks([bytes]));
      }),
    );
  });

  it('never gives a control character as text and never hangs, on any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (bytes) => {
        for (const k of decode('', bytes, true).keys)
          if (k.type === 'key') expect(k.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});
