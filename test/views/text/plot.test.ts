import { describe, expect, it } from 'vitest';
import type { TimelineProbe } from '../../../src/engine/timeline.ts';
import { plotLines, type PlotInput } from '../../../src/views/text/plot.ts';
import { renderPlain } from '../../../src/views/text/render.ts';

const hour = 3_600_000;
const start = Date.UTC(2025, 5, 18);
const point = (i: number, listRank: number | null, exactRank: number | null, score: number | null): TimelineProbe => ({
  at: start + i * hour,
  listRank,
  exactRank,
  modelScore: score,
  ineligible: null,
  carriedBy: listRank === null ? null : 'search',
  groups: [],
  by: 'step',
});
const drawn = (points: readonly TimelineProbe[], more: Partial<PlotInput> = {}, width = 60): string[] =>
  renderPlain(plotLines({ points, k: 10, bands: [], events: [], ...more }, width, true));

const points = [point(0, null, 11, 0.1), point(1, 10, 10, 0.2), point(2, 1, 1, 0.4), point(3, null, null, null)];

describe('the plot of a timeline', () => {
  it('puts rank k into the last row of the list, and only ranks after k below it', () => {
    expect(drawn(points)).toEqual([
      '     #1   #',
      '     #2',
      '     #3',
      '     #4',
      '     #5',
      '     #7',
      '     #9  #',
      '   > 10 .',
      '  score _-@_  .1000 to .4000',
      '     by  ss',
      '    UTC 06-18 00:00 to 06-18 03:00',
    ]);
  });

  it('shows the best rank of the instants that share a column', () => {
    const many = Array.from({ length: 64 }, (_, i) => point(i, i === 33 ? 1 : 9, 9, 0.5));
    const rows = drawn(many);
    expect(rows[0]).toBe(`     #1 ${' '.repeat(16)}#`);
    expect(rows.find((row) => row.startsWith('     #9'))).toBe(`     #9 ${'#'.repeat(16)} ${'#'.repeat(15)}`);
  });

  it('marks a behaviour in the column that begins at its instant', () => {
    const row = (at: number): string => drawn(points, { events: [at] }).find((line) => line.includes('acts')) ?? '';
    expect([start, start + hour - 1, start + hour, start + 3 * hour].map(row)).toEqual([
      '   acts |',
      '   acts |',
      '   acts  |',
      '   acts    |',
    ]);
  });

  it('draws a promotion over the columns it overlaps, its end exclusive', () => {
    const band = { field: 'promo', value: '618', from: start + hour, until: start + 2 * hour };
    expect(drawn(points, { bands: [band] })).toContain('    618  =');
    expect(drawn(points, { bands: [{ ...band, until: band.until + 1 }] })).toContain('    618  ==');
  });

  it('is empty without an instant, and where it has no room', () => {
    expect([drawn([]), drawn(points, {}, 15)]).toEqual([[], []]);
  });
});
