const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/**
 * A bar of |value| ÷ max × width cells, to an eighth of a cell; anything but zero shows at least a sliver.
 * The sign is told by the figure beside it. ASCII form: `#` a cell, `-` for less than half of one.
 */
export const bar = (value: number, max: number, width: number, ascii = false): string => {
  if (!(max > 0) || !Number.isFinite(value) || value === 0 || width <= 0) return '';
  const length = Math.min(1, Math.abs(value) / max) * width;
  if (ascii) return '#'.repeat(Math.round(length)) || '-';
  const total = Math.max(1, Math.round(length * 8));
  return '█'.repeat(Math.floor(total / 8)) + (eighths[total % 8] ?? '');
};

/** A mark on a scale from `from` to `to`: `0 ├────┃────┤ 4` without its ends; pinned value beneath as `┊`. */
export const slider = (
  value: number,
  pinned: number | null,
  from: number,
  to: number,
  width: number,
  ascii = false,
): string => {
  const cell = (x: number): number =>
    Math.max(0, Math.min(width - 1, Math.round(((x - from) / (to - from)) * (width - 1))));
  const line: string[] = Array.from({ length: Math.max(0, width) }, () => (ascii ? '-' : '─'));
  if (width <= 0) return '';
  if (pinned !== null) line[cell(pinned)] = ascii ? ':' : '┊';
  line[cell(value)] = ascii ? '|' : '┃';
  return line.join('');
};
