import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readValue } from '../../../src/console/values.ts';
import { spelledDay, spelledInstant, spelledMs, type Spelled } from '../../support/spelled-times.ts';
import { csvWorld, eventsIn, failure, runImport, sourceOf, tools, withDir } from '../world.ts';

const second = (text: string): number => Date.parse(text) / 1000;

/** Events `e0`, `e1`, … of one user at these times. */
const eventsAt = (times: readonly string[]): string =>
  `eventId,userId,kind,at,adId\n${times.map((at, i) => `e${i},u1,click,"${at}",a1`).join('\n')}\n`;

const imported = async (
  dir: string,
  files: Readonly<Record<string, string>>,
  mapping?: unknown,
): Promise<{
  at: ReadonlyMap<string, number>;
  rejected: Readonly<Record<string, number>>;
  notes: readonly string[];
}> => {
  const mappingFile = mapping === undefined ? null : join(dir, 'mapping.json');
  if (mappingFile !== null) writeFileSync(mappingFile, JSON.stringify(mapping));
  const { out, rows, manifest } = await runImport('csv', sourceOf(dir, { ...csvWorld, ...files }), join(dir, 'ws'), {
    mappingFile,
  });
  const decisions: unknown = manifest.import?.decisions;
  return {
    at: new Map(eventsIn(out, manifest.sample?.file).map(({ eventId, at }) => [eventId, at])),
    rejected: rows.find(({ file }) => file === 'events.csv')?.rejected ?? {},
    notes: Array.isArray(decisions) ? decisions.map(String).slice(1) : [],
  };
};

const atFlag = (text: string): number | string | null => {
  const read = readValue({ name: 'at', type: 'time', doc: '' }, text);
  return read.ok ? read.value : null;
};

describe('the importer of tables', () => {
  it('reads every spelling of a time as --at does; a day, which --at begins, it ends', () => {
    const spelled = fc.oneof(
      fc.oneof(spelledInstant, spelledMs).map((one) => ({ ...one, day: false })),
      spelledDay.map((one) => ({ ...one, day: true })),
    );
    return fc.assert(
      fc.asyncProperty(
        fc.array(spelled, { minLength: 60, maxLength: 120 }),
        (times: ReadonlyArray<Spelled & { readonly day: boolean }>) =>
          withDir(async (dir) => {
            const { at, rejected } = await imported(dir, { 'events.csv': eventsAt(times.map(({ text }) => text)) });
            expect(rejected).toEqual({});
            times.forEach(({ text, at: wanted, day }, i) => {
              expect([text, atFlag(text), at.get(`e${i}`)]).toEqual([text, wanted, wanted + (day ? 86_399_999 : 0)]);
            });
          }),
      ),
      { numRuns: 8 },
    );
  });

  it('rejects the times that --at refuses', () =>
    withDir(async (dir) => {
      const times = [
        '1750204800',
        '1750204800000000',
        '1750204800000000000',
        '20250618',
        '2025-02-30',
        '2025-06-18T24:01',
        '18/06/2025',
        '9e15',
        '-99999999999999999',
      ];
      const { at, rejected } = await imported(dir, { 'events.csv': eventsAt([...times, '1750204800000']) });
      expect([...at.keys()]).toEqual([`e${times.length}`]);
      expect(times.map(atFlag)).toEqual(times.map(() => null));
      expect(rejected).toEqual({
        'bad-time': 5,
        'date-without-dashes': 1,
        'time-in-microseconds': 1,
        'time-in-nanoseconds': 1,
        'time-in-seconds': 1,
      });
    }));

  it('rejects and counts seconds among milliseconds, with the reading that fits', () =>
    withDir(async (dir) => {
      const from = second('2025-06-01T00:00:00Z');
      const times = Array.from({ length: 20 }, (_, i) => String((from + i * 3600) * (i % 2 === 0 ? 1 : 1000)));
      const { at, rejected, notes } = await imported(dir, { 'events.csv': eventsAt(times) });
      expect(rejected).toEqual({ 'time-in-seconds': 10 });
      expect(Math.min(...at.values())).toBe((from + 3600) * 1000);
      expect(notes.filter((note) => note.startsWith('events.'))).toEqual([
        'events.at: 10 of the times are rejected as time-in-seconds, because numbers are read as milliseconds: 1748736000 looks like seconds: 2025-06-01T00:00:00Z; write 1748736000000, or name the unit in the mapping: {"column": "…", "unit": "s" | "ms" | "us" | "ns"}.',
      ]);
    }));

  it('reads times as BigQuery exports them and as Postgres prints them', () =>
    withDir(async (dir) => {
      const { at, rejected } = await imported(dir, {
        'events.csv': eventsAt(['2025-06-01 05:00:00 UTC', '2025-06-01 05:00:00+00', '2025-06-01 05:00:00.5+0000']),
      });
      expect(rejected).toEqual({});
      const five = Date.UTC(2025, 5, 1, 5);
      expect(['e0', 'e1', 'e2'].map((id) => at.get(id))).toEqual([five, five, five + 500]);
    }));

  it('lets a day begin an ad with its first ms, and end it, an event and a friendship with its last; the report counts them', () =>
    withDir(async (dir) => {
      const files = {
        'ads.csv': 'adId,startAt,endAt\na1,2025-06-01,2025-06-18\n',
        'events.csv': eventsAt(['2025-06-03', '2025-06-03T10:00', '2025-06-02']),
        'friends.csv': 'userId,peerId,since\nu1,u2,2025-06-03\n',
      };
      const { at, notes } = await imported(dir, files);
      expect(at.get('e0')).toBe(Date.UTC(2025, 5, 4) - 1);
      const { catalog, store, close } = tools.openSample(join(dir, 'ws', 'sample.sqlite'));
      expect(catalog.ads([0])[0]).toMatchObject({ startAt: Date.UTC(2025, 5, 1), endAt: Date.UTC(2025, 5, 19) - 1 });
      const [before, after] = [Date.UTC(2025, 5, 4) - 1, Date.UTC(2025, 5, 4)].map((asOf) => store.friends('u1', asOf));
      expect([before, after]).toEqual([[], ['u2']]);
      close();
      expect(notes).toEqual([
        'ads.startAt: 1 of the times name a day without an hour; each is the first millisecond of its day, in UTC.',
        'ads.endAt: 1 of the times name a day without an hour; each is the last millisecond of its day, in UTC.',
        'events.at: 2 of the times name a day without an hour; each is the last millisecond of its day, in UTC.',
        'friends.since: 1 of the times name a day without an hour; each is the last millisecond of its day, in UTC.',
      ]);
    }));

  it('follows the unit and the zone that the mapping names', () =>
    withDir(async (dir) => {
      const seconds = String(second('2025-06-01T00:00:00Z'));
      const unit = await imported(
        dir,
        { 'events.csv': eventsAt([seconds]).replace(',at,', ',ts,') },
        { events: { at: { column: 'ts', unit: 's' } } },
      );
      expect([...unit.at.values()]).toEqual([Date.UTC(2025, 5, 1)]);
      const zone = await imported(
        dir,
        { 'events.csv': eventsAt(['2025-06-01', '2025-06-01 08:00', '2025-06-01 08:00Z']) },
        { events: { at: { column: 'at', zone: '+08:00' } } },
      );
      expect(['e0', 'e1', 'e2'].map((id) => zone.at.get(id))).toEqual([
        Date.UTC(2025, 5, 1, 16) - 1,
        Date.UTC(2025, 5, 1),
        Date.UTC(2025, 5, 1, 8),
      ]);
      expect(zone.notes).toContain(
        'events.at: 1 of the times name a day without an hour; each is the last millisecond of its day, in +08:00.',
      );
    }));

  it('refuses a unit or a zone for a column of other values, and a zone that is none', () =>
    withDir(async (dir) => {
      const failing = (mapping: unknown) => failure(imported(dir, {}, mapping));
      expect(await failing({ ads: { title: { column: 'title', unit: 's' } } })).toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining('ads.title'),
      });
      expect((await failing({ events: { at: { column: 'at', zone: 'Paris' } } })).code).toBe('bad-input');
    }));
});
