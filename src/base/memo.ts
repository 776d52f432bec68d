/** Longer texts are typed lines and pastes, another at each key: remembering them would only fill the memory. */
const longestKnown = 300;

/** `make` of a text, remembered for as many texts as `limit`: titles and figures come again in each frame. */
export const memoText = <V>(limit: number, make: (text: string) => V): ((text: string) => V) => {
  const known = new Map<string, V>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    if (text.length > longestKnown) return made;
    if (known.size >= limit) known.clear();
    known.set(text, made);
    return made;
  };
};
