/** Cuts one record of a delimited file into fields. null: its quotes are broken. RFC 4180, any one-character delimiter. */
export const splitQuoted = (record: string, delimiter: string): string[] | null => {
  if (!record.includes('"')) return record.split(delimiter);
  const fields: string[] = [];
  let from = 0;
  for (;;) {
    if (record[from] !== '"') {
      const end = record.indexOf(delimiter, from);
      const field = record.slice(from, end < 0 ? undefined : end);
      if (field.includes('"')) return null;
      fields.push(field);
      if (end < 0) return fields;
      from = end + delimiter.length;
      continue;
    }
    const close = closingQuote(record, from + 1);
    if (close < 0) return null;
    fields.push(record.slice(from + 1, close).replaceAll('""', '"'));
    if (close + 1 === record.length) return fields;
    if (!record.startsWith(delimiter, close + 1)) return null;
    from = close + 1 + delimiter.length;
  }
};

const closingQuote = (record: string, from: number): number => {
  let at = record.indexOf('"', from);
  while (at >= 0 && record[at + 1] === '"') at = record.indexOf('"', at + 2);
  return at;
};

/** An odd number of quotes: the record goes on in the next line. */
export const isOpen = (record: string): boolean => {
  let quotes = 0;
  for (let at = record.indexOf('"'); at >= 0; at = record.indexOf('"', at + 1)) quotes += 1;
  return quotes % 2 === 1;
};
