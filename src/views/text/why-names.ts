import type { Names } from './names.ts';

/** Names from an answer's own `titles`, for front ends that have nothing else on the screen. */
export const namesFrom = (titles: Readonly<Record<string, string>> | undefined): Names => ({
  ad: (adId) => (titles !== undefined && Object.hasOwn(titles, adId) ? titles[adId] || adId : adId),
  event: () => null,
});
