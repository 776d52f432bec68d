/** Values a model knows, by context field; null: any value of that field (it is read as a number). */
export type ContextFields = ReadonlyMap<string, readonly string[] | null>;

/** From a vocabulary's `field=value` keys. */
export const contextFieldsOf = (keys: readonly string[]): ContextFields => {
  const fields = new Map<string, string[]>();
  for (const key of keys) {
    const at = key.indexOf('=');
    const field = key.slice(0, at);
    const values = fields.get(field);
    if (values === undefined) fields.set(field, [key.slice(at + 1)]);
    else values.push(key.slice(at + 1));
  }
  return fields;
};

const shown = 8;

/** `618, 11.11`; a run of whole numbers by its ends: `0 to 23`. */
const valuesIn = (values: readonly string[]): string => {
  const numbers = values.map(Number).sort((a, b) => a - b);
  const run =
    values.length > 2 &&
    values.every((value) => /^\d+$/.test(value)) &&
    numbers.every((n, i) => n === (numbers[0] ?? 0) + i);
  if (run) return `${numbers[0]} to ${numbers.at(-1)}`;
  return values.length > shown
    ? `${values.slice(0, shown).join(', ')} and ${values.length - shown} more`
    : values.join(', ');
};

/**
 * Notices about context fields that no input of the model reads, one sentence each. A field without a value says none
 * on purpose.
 */
export const unreadContext = (context: Readonly<Record<string, string>>, known: ContextFields): string[] =>
  Object.entries(context).flatMap(([field, value]) => {
    const values = known.get(field);
    if (values === undefined)
      return [
        `the context field ${JSON.stringify(field)} is unknown to the model: it changes nothing; known: ${[...known.keys()].join(', ')}`,
      ];
    return value === '' || values === null || values.includes(value)
      ? []
      : [`${field} ${JSON.stringify(value)}: unknown to the model, read as none; known: ${valuesIn(values)}`];
  });
