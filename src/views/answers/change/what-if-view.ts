import type { WhatIfData } from '../../../answers/change.ts';
import { t, tn } from '../../../base/texts.ts';
import type { HypotheticalEvent } from '../../../domain/events.ts';
import { blank, fitLines, type Line, type ViewOptions } from '../../text/line.ts';
import { movementBlock } from './movement-view.ts';
import { sentence } from '../../text/sentences.ts';

const addedText = ({ kind, adId, query, peerId }: HypotheticalEvent): string =>
  `${kind} ${query === undefined ? (adId ?? peerId ?? '') : `“${query}”`}`.trim();

const headline = ({ excluded, added }: WhatIfData): string =>
  [
    ...(excluded.length === 0
      ? []
      : [tn(excluded.length, '{n} behaviour knocked out.', '{n} behaviours knocked out.')]),
    ...(added.length === 0 ? [] : [t('Added: {behaviours}.', { behaviours: added.map(addedText).join(', ') })]),
  ].join(' ');

export const whatIfView = (data: WhatIfData, width: number, options: ViewOptions = {}, height?: number): Line[] =>
  fitLines([...sentence(headline(data), width), blank, ...movementBlock(data.movement, width, options)], width, height);
