import type { RowField } from './match.ts';

/** An ad of a recalled list as its filter sees it. */
export interface FilterableAd {
  readonly adId: string;
  readonly title: string;
  readonly category: string;
  readonly brand: string;
  readonly price: number | null;
  readonly rank: number;
  readonly score: number;
  readonly modelScore: number | null;
  readonly via: string;
  readonly channels: ReadonlyArray<{ readonly channel: string }>;
  /** The user engaged with it after as-of. */
  readonly engaged: boolean;
  /** The pinned list does not hold it. */
  readonly isNew: boolean;
}

/** The fields of a filter of the recalled list. */
export const adFields: ReadonlyArray<RowField<FilterableAd>> = [
  { name: 'title', type: 'text', doc: 'title', examples: ['title:音箱'], of: (ad) => ad.title },
  { name: 'id', type: 'text', doc: 'ad id', examples: ['id:ad-17'], of: (ad) => ad.adId },
  {
    name: 'category',
    also: 'cat',
    type: 'category',
    doc: 'in the category path',
    examples: ['cat:音箱'],
    of: (ad) => ad.category,
  },
  { name: 'brand', type: 'text', doc: 'brand', examples: ['brand:小米'], of: (ad) => ad.brand },
  { name: 'price', type: 'number', doc: 'price', examples: ['price:<100'], of: (ad) => ad.price },
  { name: 'rank', type: 'number', doc: 'place in the list', examples: ['rank:<=20'], of: (ad) => ad.rank },
  { name: 'score', type: 'number', doc: 'score of its channel', examples: ['score:>.5'], of: (ad) => ad.score },
  {
    name: 'modelscore',
    type: 'number',
    doc: 'score of the model',
    examples: ['modelscore:>.5'],
    of: (ad) => ad.modelScore,
  },
  { name: 'via', type: 'text', doc: 'channel that placed it', examples: ['via:model'], of: (ad) => ad.via },
  {
    name: 'channel',
    type: 'text',
    doc: 'a channel that found it',
    examples: ['channel:keyword'],
    of: (ad) => ad.channels.map(({ channel }) => channel),
  },
  {
    name: 'engaged',
    type: 'flag',
    doc: 'the user engaged with it after as-of',
    examples: ['engaged:yes'],
    of: (ad) => ad.engaged,
  },
  { name: 'new', type: 'flag', doc: 'not in the pinned list', examples: ['new:yes'], of: (ad) => ad.isNew },
];
