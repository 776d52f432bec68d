import type { PresetRow } from '../commands/presets.ts';
import { figure, plural } from './figures.ts';
import { fitLines, span, type Line, type ViewOptions } from './line.ts';
import { table } from './table.ts';
import { sentence } from './words.ts';

export interface PresetsData { readonly presets: readonly PresetRow[]; readonly saved?: string; readonly deleted?: string }

const changes = (p: PresetRow): string => [
  ...Object.entries(p.weights).filter(([, w]) => w !== 1).map(([g, w]) => `${g} ${figure(w, 2)}`),
  ...Object.entries(p.context).map(([k, v]) => `${k}=${v === '' ? 'none' : v}`),
].join(' · ');

const headline = ({ presets, saved, deleted }: PresetsData): string => {
  const done = saved === undefined ? deleted === undefined ? '' : `Deleted “${deleted}”. ` : `Saved “${saved}”. `;
  return `${done}${presets.length === 0 ? 'This workspace has no presets.' : `${plural(presets.length, 'preset')}.`}`;
};

export const presetsView = (data: PresetsData, width: number, _options: ViewOptions = {}, height?: number): Line[] => fitLines([
  ...sentence(headline(data), width, 'bold'),
  ...(data.presets.length === 0 ? [] : table([
    { title: 'name', cell: (p: PresetRow) => p.name },
    { title: 'for', min: 10, flex: 2, cell: (p) => p.title },
    { title: 'changes', min: 10, flex: 1, drop: 1, cell: (p) => span(changes(p), 'dim') },
  ], data.presets, width)),
], width, height);
