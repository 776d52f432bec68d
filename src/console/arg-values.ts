import type { ArgValues } from './command.ts';

/** Typed views of parsed values: what is absent, or of another type, is absent. */
export const textArg = (args: ArgValues, name: string): string | undefined => {
  const value = args[name];
  return typeof value === 'string' ? value : undefined;
};

export const numberArg = (args: ArgValues, name: string): number | undefined => {
  const value = args[name];
  return typeof value === 'number' ? value : undefined;
};

export const flagArg = (args: ArgValues, name: string): boolean => args[name] === true;

export const listArg = (args: ArgValues, name: string): readonly string[] => {
  const value = args[name];
  return Array.isArray(value) ? value.map(String) : [];
};
