import type { WhatIfData } from '../../../answers/change.ts';
import type { HypotheticalEvent } from '../../../domain/events.ts';
import { plural } from '../../text/figures.ts';
import { blank, fitLines, type Line, type ViewOptions } from '../../text/line.ts';
import { movementBlock } from './movement-view.ts';
import { and, sentence } from '../../text/sentences.ts';

const said = ({ kind, adId, query, peerId }: HypotheticalEvent): string =>
  `${kind} ${query === undefined ? (adId ?? peerId ?? '') : `“${query}”`}`.trim();

const headline = ({ excluded, added }: WhatIfData): string =>
  and([
    ...(excluded.length === 0 ? [] : [`${plural(excluded.length, 'behaviour')} knocked out`]),
    ...(added.length === 0 ? [] : [`added: ${added.map(said).join(', ')}`]),
  ]);

export const whatIfView = (data: WhatIfData, width: number, options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [...sentence(`${headline(data)}.`, width), blank, ...movementBlock(data.movement, width, options)],
    width,
    height,
  );
