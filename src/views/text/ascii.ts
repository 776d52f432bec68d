import type { Line } from './line.ts';

/** One cell for one cell, so that the layout stays. */
const plain: Readonly<Record<string, string>> = {
  '▸': '>',
  '·': '.',
  '…': '~',
  '–': '-',
  '−': '-',
  '✓': '*',
  '✗': 'x',
  '●': '*',
  'Δ': 'd',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '×': 'x',
  '▲': '^',
  '▼': 'v',
  '─': '-',
  '━': '=',
  '│': '|',
  '┃': '|',
  '├': '|',
  '┤': '|',
  '┊': ':',
  '█': '#',
  '≥': '>',
  '≤': '<',
  'φ': 'f',
  '⟨': '<',
  '⟩': '>',
  '∈': 'e',
};
const known = new RegExp(`[${Object.keys(plain).join('')}]`, 'gu');

/** The line for a terminal whose locale has no Unicode: its own marks in ASCII, other people's text as it is. */
export const asciiLine = (line: Line): Line =>
  line.map((s) => ({ ...s, text: s.text.replace(known, (c) => plain[c] ?? '?') }));
