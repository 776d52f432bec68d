/**
 * Cuts one record of a delimited file into fields. null: its quotes are broken. RFC 4180, any one-character delimiter; a
 * quote inside a field that does not begin with one is a character.
 */
export const splitQuoted = (record: string, delimiter: string): string[] | null => {
  if (!record.includes('"')) return record.split(delimiter);
  const fields: string[] = [];
  let from = 0;
  for (;;) {
    if (record[from] !== '"') {
      const end = record.indexOf(delimiter, from);
      const field = record.slice(from, end < 0 ? undefined : end);
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

/**
 * How the quotes of a record stand: `open`, it goes on in the next line; `broken`, text follows a closing quote. A quote
 * inside a field that does not begin with one is a character (`55" TV`).
 */
export const quotesOf = (record: string, delimiter: string): 'closed' | 'open' | 'broken' => {
  if (!record.includes('"')) return 'closed';
  let from = 0;
  for (;;) {
    if (record[from] !== '"') {
      const end = record.indexOf(delimiter, from);
      if (end < 0) return 'closed';
      from = end + delimiter.length;
      continue;
    }
    const close = closingQuote(record, from + 1);
    if (close < 0) return 'open';
    if (close + 1 === record.length) return 'closed';
    if (!record.startsWith(delimiter, close + 1)) return 'broken';
    from = close + 1 + delimiter.length;
  }
};

const delimiters = [',', ';', '\t'] as const;

/** The character that cuts the most fields out of a header: comma, semicolon or tab; comma where none does. */
export const delimiterOf = (header: string): string => {
  const fieldsBy = (delimiter: string): number => splitQuoted(header, delimiter)?.length ?? 0;
  return delimiters.reduce((best, one) => (fieldsBy(one) > fieldsBy(best) ? one : best));
};
