import { RecallError } from '../../errors.ts';

/** One line of `doctor`. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
}

export const verdict = (name: string, ok: boolean, expected: string, found: string): Check => ({
  name,
  ok,
  expected,
  found,
});

/** Runs a check; a RecallError is what was found. Anything else is a bug and passes through. */
export const attempt = async (
  name: string,
  expected: string,
  run: () => Promise<{ ok: boolean; found: string }>,
): Promise<Check> => {
  try {
    const { ok, found } = await run();
    return { name, ok, expected, found };
  } catch (error) {
    if (!(error instanceof RecallError) || error.code === 'cancelled') throw error;
    return {
      name,
      ok: false,
      expected: error.expected ?? expected,
      found: error.found === undefined ? error.message : `${error.message}: ${error.found}`,
    };
  }
};
