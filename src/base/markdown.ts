/** Text of the data may hold anything: no control character, no Markdown and no HTML of its own. */
export const safe = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
    .replace(/[\\`*_{}[\]<>|#!~&]/g, '\\$&');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
export const grid = (titles: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] => [
  row(titles),
  `|${titles.map(() => '---|').join('')}`,
  ...rows.map(row),
];

export const number = (value: number | null, digits = 4): string => (value === null ? '–' : value.toFixed(digits));
export const iso = (ms: number | null): string => (ms === null ? '–' : new Date(ms).toISOString());
