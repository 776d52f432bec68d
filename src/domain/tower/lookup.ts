import { categoryKeys, contextKeys, textKeys } from './features.ts';
import type { FeatureKeys } from './features.ts';
import type { Thing } from './pool.ts';

/** Keys of anything but an ad; ads come with their own rows. */
export const keysOf = (thing: Exclude<Thing, { type: 'ad' }>): FeatureKeys => {
  switch (thing.type) {
    case 'query':
      return textKeys(thing.text);
    case 'category':
      return categoryKeys(thing.category);
    case 'context':
      return contextKeys(thing.field, thing.value);
  }
};
