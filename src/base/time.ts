const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?)?(Z|[+-]\d{2}:?\d{2})?$/i;

const minutesEast = (zone: string | undefined): number => {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
};

/**
 * ms since the epoch of an instant written as ISO-8601 (date, or date and time; without a zone: UTC)
 * or as ms; null when it is neither. `2025-02-30` is not an instant.
 */
export const parseTime = (text: string): number | null => {
  if (/^-?\d{1,16}$/.test(text)) {
    const ms = Number(text);
    return Math.abs(ms) <= 8.64e15 ? ms : null;
  }
  const match = iso.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone] = match;
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0')),
  );
  const read = new Date(ms);
  const same =
    read.getUTCMonth() === Number(month) - 1 &&
    read.getUTCDate() === Number(day) &&
    read.getUTCHours() === Number(hour) &&
    read.getUTCMinutes() === Number(minute) &&
    read.getUTCSeconds() === Number(second);
  return same ? ms - minutesEast(zone) * 60_000 : null;
};
