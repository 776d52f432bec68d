import type { InputGroupRow, InputsData } from '../../../answers/look.ts';
import type { TowerInput } from '../../../domain/groups.ts';
import { figure, percent, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { ago, and, sentence } from '../../text/sentences.ts';

const headline = ({ inputs, groups }: InputsData): string => {
  const empty = groups.filter((g) => !g.present).map((g) => g.group);
  const unknown = inputs.filter((i) => i.outOfVocabulary).length;
  const silent =
    empty.length === 0
      ? 'every group has something to read'
      : `${and(empty)} ${empty.length === 1 ? 'has' : 'have'} nothing to read`;
  return `The user tower sees ${plural(inputs.length, 'input')}, ${unknown} out of vocabulary; ${silent}.`;
};

const groupTable = (groups: readonly InputGroupRow[], width: number): Line[] =>
  table(
    [
      { title: 'group', cell: (g: InputGroupRow) => g.group },
      { title: 'weight', align: 'right', cell: (g) => figure(g.weight, 2) },
      { title: 'items', align: 'right', cell: (g) => `${g.items}/${g.maxItems}` },
      { title: 'unknown', align: 'right', cell: (g) => percent(g.outOfVocabulary) },
      { title: '', cell: (g) => (g.present ? '' : span('nothing to read', 'warn')) },
    ],
    groups,
    width,
  );

/** Every input as the model looks it up: value, row of the embedding table, age, event. */
export const inputsView = (data: InputsData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...groupTable(data.groups, width),
      blank,
      ...table(
        [
          { title: 'group', cell: (i: TowerInput) => i.group },
          { title: 'field', max: 16, cell: (i) => i.field },
          {
            title: 'value',
            min: 8,
            flex: 1,
            cell: (i) => (i.excluded ? span(`${i.value} (excluded)`, 'warn') : i.value),
          },
          {
            title: 'row',
            align: 'right',
            cell: (i) => (i.outOfVocabulary ? span('unknown', 'warn') : i.id === null ? '–' : String(i.id)),
          },
          { title: 'age', align: 'right', drop: 2, cell: (i) => span(i.ageMs === null ? '–' : ago(i.ageMs), 'dim') },
          { title: 'event', max: 14, drop: 1, cell: (i) => span(i.eventId ?? '', 'dim') },
        ],
        data.inputs,
        width,
      ),
    ],
    width,
    height,
  );
