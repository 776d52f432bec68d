import { piecesOf, type Places } from '../../base/texts.ts';
import { span, type Line, type Span, type Style } from './line.ts';

/** A text of the table whose places are spans of their own style: `phrase('{mode} of {user}', { mode: span('model', 'bold'), user })`. */
export const phrase = <const S extends string>(
  english: S,
  places: Readonly<Record<Places<S>, Span | string | number>>,
  style?: Style,
): Line => {
  const of: Readonly<Record<string, Span | string | number>> = places;
  return piecesOf(english).flatMap((piece, i): Line => {
    if (i % 2 === 0) return piece === '' ? [] : [span(piece, style)];
    const value = of[piece] ?? '';
    return [typeof value === 'object' ? value : span(String(value), style)];
  });
};
