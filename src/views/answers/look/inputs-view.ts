import type { InputGroupRow, InputsData } from '../../../answers/look.ts';
import { noEventText } from '../../../console/window-text.ts';
import { t, tn } from '../../../base/texts.ts';
import type { TowerInput } from '../../../domain/groups.ts';
import { figure, percent, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { ago, and, sentence } from '../../text/sentences.ts';

const headline = ({ inputs, groups }: InputsData): string => {
  const empty = groups.filter((g) => !g.present).map((g) => g.group);
  const unknown = inputs.filter((i) => i.outOfVocabulary).length;
  const read = t('The user tower reads {inputs}, {unknown} out of vocabulary.', {
    inputs: plural(inputs.length, 'input'),
    unknown,
  });
  const absent =
    empty.length === 0
      ? t('Every group has an input.')
      : tn(empty.length, '{groups} has no input.', '{groups} have no input.', { groups: and(empty) });
  return `${read} ${absent}`;
};

const groupTable = (groups: readonly InputGroupRow[], width: number): Line[] =>
  table(
    [
      { title: t('group'), cell: (g: InputGroupRow) => g.group },
      { title: t('weight'), align: 'right', cell: (g) => figure(g.weight, 2) },
      { title: t('items'), align: 'right', cell: (g) => `${g.items}/${g.maxItems}` },
      { title: t('unknown'), align: 'right', cell: (g) => percent(g.outOfVocabulary) },
      {
        title: '',
        cell: (g) =>
          g.present ? '' : span(g.windowMs === undefined ? t('no input') : noEventText(g.windowMs), 'warn'),
      },
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
          { title: t('group'), cell: (i: TowerInput) => i.group },
          { title: t('field'), max: 16, cell: (i) => i.field },
          {
            title: t('value'),
            min: 8,
            flex: 1,
            cell: (i) => (i.excluded ? span(t('{value} (knocked out)', { value: i.value }), 'warn') : i.value),
          },
          {
            title: t('row'),
            align: 'right',
            cell: (i) => (i.outOfVocabulary ? span(t('unknown'), 'warn') : i.id === null ? '–' : String(i.id)),
          },
          { title: t('age'), align: 'right', drop: 2, cell: (i) => span(i.ageMs === null ? '–' : ago(i.ageMs), 'dim') },
          { title: t('event'), max: 14, drop: 1, cell: (i) => span(i.eventId ?? '', 'dim') },
        ],
        data.inputs,
        width,
      ),
    ],
    width,
    height,
  );
