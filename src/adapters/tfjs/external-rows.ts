import type { ExternalInput } from '../../domain/external-model.ts';
import type { InputItem, TowerInput, UserInputs } from '../../domain/groups.ts';
import { wordsOf } from '../../domain/tower/words.ts';

/** An input of the graph with its vocabulary read: line by entry. */
export interface MappedInput {
  readonly name: string;
  readonly spec: ExternalInput;
  readonly group: number;
  readonly lines: ReadonlyMap<string, number> | null;
}

const lineOf = ({ spec, lines }: MappedInput, entry: string): number => {
  const line = lines?.get(entry);
  return line === undefined ? spec.unknown : line + spec.first;
};

const slotValue = (input: MappedInput, item: InputItem): number => {
  const { spec } = input;
  switch (spec.reads) {
    case 'ads':
      return item.adId === null ? spec.absent : lineOf(input, item.adId);
    case 'kinds': {
      const at = spec.kinds.indexOf(item.kind);
      return at < 0 ? spec.unknown : at + 1;
    }
    case 'ages': {
      const age = (item.ageMs ?? 0) / spec.unitMs;
      return spec.log ? Math.log1p(age) : age;
    }
    default:
      return 1;
  }
};

const textOf = (item: InputItem): string => item.query ?? item.value ?? '';

/** The row of one input for one user, the group at weight 1. */
export const rowOf = (input: MappedInput, { groups }: UserInputs): Float32Array => {
  const { spec } = input;
  const row = new Float32Array(spec.length).fill(spec.absent);
  const items = groups[input.group]?.items ?? [];
  const here = items.filter((item) => !item.excluded);
  switch (spec.reads) {
    case 'weight':
      row.fill(here.length === 0 ? spec.absent : 1);
      break;
    case 'value':
    case 'choice': {
      const item = here.find(({ kind }) => kind === spec.field);
      if (item !== undefined) row[0] = spec.reads === 'choice' ? lineOf(input, item.value ?? '') : Number(item.value);
      break;
    }
    case 'tokens':
    case 'token-mask':
    case 'token-weights':
      here
        .flatMap((item) => wordsOf(textOf(item)))
        .slice(0, spec.length)
        .forEach((word, i) => {
          row[i] = spec.reads === 'tokens' ? lineOf(input, word) : 1;
        });
      break;
    default:
      items.slice(0, spec.length).forEach((item, i) => {
        if (!item.excluded) row[i] = slotValue(input, item);
      });
  }
  return row;
};

/** Writes the row at a weight to `out`: absent at 0; the weight itself where the graph takes one. */
export const writeWeighted = (
  { spec }: MappedInput,
  row: Float32Array,
  weight: number,
  out: Float32Array,
  at: number,
): void => {
  if (weight === 0) {
    out.fill(spec.absent, at, at + row.length);
    return;
  }
  out.set(row, at);
  if (weight === 1 || (spec.reads !== 'weight' && spec.reads !== 'event-weights' && spec.reads !== 'token-weights'))
    return;
  for (let i = 0; i < row.length; i += 1) if (row[i] !== spec.absent) out[at + i] = (row[i] ?? 0) * weight;
};

/** The inputs of the graph, one line for each ad, word and field. */
export const describeExternal = (inputs: readonly MappedInput[], user: UserInputs): TowerInput[] =>
  inputs.flatMap((input) => {
    const { spec } = input;
    const group = user.groups[input.group];
    if (group === undefined || input.lines === null) return [];
    const line = (item: InputItem, value: string): TowerInput => {
      const row = input.lines?.get(value);
      return {
        group: group.group,
        field: input.name,
        value,
        id: row === undefined ? null : row + spec.first,
        outOfVocabulary: row === undefined,
        ageMs: item.ageMs,
        eventId: item.eventId,
        excluded: item.excluded,
      };
    };
    if (spec.reads === 'ads')
      return group.items.slice(0, spec.length).flatMap((item) => (item.adId === null ? [] : [line(item, item.adId)]));
    if (spec.reads === 'choice')
      return group.items.filter(({ kind }) => kind === spec.field).map((item) => line(item, item.value ?? ''));
    return group.items.flatMap((item) => wordsOf(textOf(item)).map((word) => line(item, word)));
  });
