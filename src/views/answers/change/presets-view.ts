import type { PresetRow, PresetsData } from '../../../answers/change.ts';
import { figure, plural } from '../../text/figures.ts';
import { outlineView } from '../../text/outline.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const changes = (p: PresetRow): string =>
  [
    ...Object.entries(p.weights)
      .filter(([, w]) => w !== 1)
      .map(([g, w]) => `${g} ${figure(w, 2)}`),
    ...Object.entries(p.context).map(([k, v]) => `${k}=${v === '' ? 'none' : v}`),
    ...(p.mode === undefined || p.mode === 'model' ? [] : [p.mode]),
  ].join(' · ');

const headline = ({ presets, saved, deleted, path }: PresetsData): string => {
  const where = path === undefined ? '' : ` (${path})`;
  const done =
    saved === undefined ? (deleted === undefined ? '' : `Deleted “${deleted}”. `) : `Saved “${saved}”${where}. `;
  return `${done}${presets.length === 0 ? 'This workspace has no presets.' : `${plural(presets.length, 'preset')}.`}`;
};

const listLines = (data: PresetsData, width: number): Line[] => [
  ...sentence(headline(data), width, 'bold'),
  ...(data.presets.length === 0
    ? []
    : table(
        [
          { title: 'name', cell: (p: PresetRow) => p.name },
          { title: 'for', min: 10, flex: 2, cell: (p) => p.title },
          { title: 'changes', min: 10, flex: 1, drop: 1, cell: (p) => span(changes(p), 'dim') },
          { title: 'of', drop: 2, cell: (p) => span(p.from, 'dim') },
        ],
        data.presets,
        width,
      )),
];

const diffLines = ({ a, b, differences }: NonNullable<PresetsData['diff']>, width: number): Line[] =>
  differences.length === 0
    ? sentence(`${a} and ${b} give the same settings.`, width, 'bold')
    : [
        ...sentence(`${a} and ${b} differ in ${plural(differences.length, 'setting')}.`, width, 'bold'),
        ...table(
          [
            { title: 'setting', cell: (d: (typeof differences)[number]) => d.path, flex: 1, min: 10 },
            { title: a, cell: (d) => (d.a === '' ? 'none' : String(d.a ?? '–')), flex: 1, min: 6 },
            { title: b, cell: (d) => (d.b === '' ? 'none' : String(d.b ?? '–')), flex: 1, min: 6 },
          ],
          differences,
          width,
        ),
      ];

export const presetsView = (data: PresetsData, width: number, _options: ViewOptions = {}, height?: number): Line[] => {
  if (data.diff !== undefined) return fitLines(diffLines(data.diff, width), width, height);
  if (data.exported !== undefined)
    return fitLines(
      [
        ...sentence(
          data.path === undefined
            ? `Preset “${data.exported.name}”, every setting resolved:`
            : `Wrote “${data.exported.name}” to ${data.path}.`,
          width,
          'bold',
        ),
        blank,
        ...outlineView(data.exported, width),
      ],
      width,
      height,
    );
  return fitLines(
    [...listLines(data, width), ...(data.shown === undefined ? [] : [blank, ...outlineView(data.presets[0], width)])],
    width,
    height,
  );
};
