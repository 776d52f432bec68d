import { z } from 'zod';
import { channelNames } from '../../domain/query.ts';
import { userMetrics, type CompareRow } from '../../domain/compare-all/rows.ts';

const at = (path: readonly PropertyKey[]): string =>
  path
    .map(String)
    .reduce((text, part) => (/^\d+$/.test(part) ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '');

export type ReadRows = { readonly rows: readonly CompareRow[] } | { readonly field: string; readonly problem: string };

/** Reads the rows of a batch, of lists at `k` over a catalogue of `ads`: the rows, or the first field that is not as it must be. */
export const rowsReader = (k: number, ads: number): ((json: unknown) => ReadRows) => {
  const digits = new RegExp(`^[0-${channelNames.length - 1}]*$`);
  const side = z
    .object({
      ads: z.array(
        z
          .int()
          .min(0)
          .max(ads - 1),
      ),
      via: z.string().regex(digits, 'not one digit of a channel an ad'),
      hits: z.array(z.int().min(1)),
      values: z.array(z.number().nullable()).length(userMetrics(k).length),
    })
    .refine(({ ads: list, via }) => list.length === via.length, {
      path: ['via'],
      message: 'not as many channels as ads',
    });
  const batch = z
    .array(
      z.object({
        userId: z.string().min(1),
        asOf: z.int(),
        engaged: z.int().min(0),
        rbo: z.number(),
        segments: z.array(z.tuple([z.string(), z.string()])),
        a: side,
        b: side,
        failed: z.string().nullable(),
      }),
    )
    .min(1);
  return (json) => {
    const { success, data, error } = batch.safeParse(json);
    if (success) return { rows: data };
    const [issue] = error.issues;
    return { field: at(['rows', ...(issue?.path ?? [])]), problem: issue?.message ?? 'unreadable' };
  };
};
