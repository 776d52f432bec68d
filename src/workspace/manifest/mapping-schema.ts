import { z } from 'zod';
import type { SampleMapping } from '../../domain/sample/mapping.ts';
import { timeUnits, zoneOf } from '../../base/time.ts';

export const column = z.string().min(1);
const from = z.union(
  [z.string().min(1), z.strictObject({ sql: z.string().min(1) })],
  'a table, a view, or {"sql": "SELECT …"}',
);
const zone = z.string().refine((text) => zoneOf(text) !== null, 'a zone such as "+08:00" or "UTC"');
export const time = z.union(
  [column, z.strictObject({ column, unit: z.enum(timeUnits).optional(), zone: zone.optional() })],
  `a column, or {"column": …, "unit": ${timeUnits.map((unit) => `"${unit}"`).join(' | ')}, "zone": "+08:00"}`,
);
const kind = z.union(
  [
    column,
    z.strictObject({ column, values: z.record(z.string(), z.string().min(1)) }),
    z.strictObject({ constant: z.string().min(1) }),
  ],
  'a column, {"column": …, "values": {"theirs": "ours"}}, or {"constant": "click"}',
);

const events = z.strictObject({
  from,
  id: column.optional(),
  user: column,
  kind,
  at: time,
  platform: column.optional(),
  ad: column.optional(),
  query: column.optional(),
  peer: column.optional(),
});

/** `sample.tables` of the manifest; a field that is not known is an error, not ignored: it would be a guess gone wrong. */
export const mappingSchema: z.ZodType<SampleMapping> = z.strictObject({
  users: z
    .strictObject({ from, id: column, attributes: z.union([z.array(column), z.record(z.string(), column)]).optional() })
    .optional(),
  ads: z.strictObject({
    from,
    id: column,
    title: column.optional(),
    category: column.optional(),
    brand: column.optional(),
    price: column.optional(),
    campaign: column.optional(),
    start_at: time.optional(),
    end_at: time.optional(),
    budget_left: column.optional(),
    targeting: column.optional(),
  }),
  events: z.union([z.array(events), events]).optional(),
  friends: z
    .strictObject({ from, user: column, peer: column, since: time.optional(), mutual: z.boolean().optional() })
    .optional(),
});
