const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** ms of `15min`, `1h`, `0.5d`; null where it is none or not above 0. */
export const parseDuration = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)$/.exec(text.trim());
  const ms = match === null ? 0 : Math.round(Number(match[1]) * (units[match[2] ?? ''] ?? 0));
  return ms > 0 ? ms : null;
};
