import { wrapCells } from './cells.ts';
import { span, text, type Line, type Style } from './line.ts';

export { span, text, type Line };

/** A text on as many lines as it needs. */
export const wrapLine = (content: string, width: number, style?: Style): Line[] =>
  wrapCells(content, width).map((line) => text(line, style));

/** A label, then a text whose further lines hang under its first. */
export const hanging = (
  label: string,
  content: string,
  width: number,
  styles: { readonly label?: Style; readonly text?: Style } = {},
): Line[] => {
  const indent = label.length + 1;
  const lines = wrapCells(content, Math.max(10, width - indent));
  return lines.map((line, i): Line => [
    span(i === 0 ? `${label} ` : ' '.repeat(indent), styles.label),
    span(line, styles.text),
  ]);
};
