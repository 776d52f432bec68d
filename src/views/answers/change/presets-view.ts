import type { PresetRow, PresetsData } from '../../../answers/change.ts';
import { t, tn } from '../../../base/texts.ts';
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
    ...Object.entries(p.context).map(([k, v]) => `${k}=${v === '' ? t('none') : v}`),
    ...(p.mode === undefined || p.mode === 'model' ? [] : [p.mode]),
  ].join(' · ');

const headline = ({ presets, saved, deleted, path }: PresetsData): string => {
  const done =
    saved === undefined
      ? deleted === undefined
        ? []
        : [t('Deleted “{preset}”.', { preset: deleted })]
      : path === undefined
        ? [t('Saved “{preset}”.', { preset: saved })]
        : [t('Saved “{preset}” ({path}).', { preset: saved, path })];
  return [
    ...done,
    presets.length === 0 ? t('This workspace has no presets.') : tn(presets.length, '{n} preset.', '{n} presets.'),
  ].join(' ');
};

const listLines = (data: PresetsData, width: number): Line[] => [
  ...sentence(headline(data), width, 'bold'),
  ...(data.presets.length === 0
    ? []
    : table(
        [
          { title: t('name'), cell: (p: PresetRow) => p.name },
          { title: t('purpose'), min: 10, flex: 2, cell: (p) => p.title },
          { title: t('changes'), min: 10, flex: 1, drop: 1, cell: (p) => span(changes(p), 'dim') },
          { title: t('source'), drop: 2, cell: (p) => span(p.from, 'dim') },
        ],
        data.presets,
        width,
      )),
];

const diffLines = ({ a, b, differences }: NonNullable<PresetsData['diff']>, width: number): Line[] =>
  differences.length === 0
    ? sentence(t('{a} and {b} have the same settings.', { a, b }), width, 'bold')
    : [
        ...sentence(
          t('{a} and {b} differ in {settings}.', { a, b, settings: plural(differences.length, 'setting') }),
          width,
          'bold',
        ),
        ...table(
          [
            { title: t('setting'), cell: (d: (typeof differences)[number]) => d.path, flex: 1, min: 10 },
            { title: a, cell: (d) => (d.a === '' ? t('none') : String(d.a ?? '–')), flex: 1, min: 6 },
            { title: b, cell: (d) => (d.b === '' ? t('none') : String(d.b ?? '–')), flex: 1, min: 6 },
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
            ? t('Preset “{preset}” with every setting:', { preset: data.exported.name })
            : t('Wrote “{preset}” to {path}.', { preset: data.exported.name, path: data.path }),
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
