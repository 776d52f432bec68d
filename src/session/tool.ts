import { createRequire } from 'node:module';

const found = (path: string): unknown => {
  try {
    return createRequire(import.meta.url)(path);
  } catch {
    return null;
  }
};

/** `recall-tui/0.1.0`: package.json stands one level above the bundle, two above this source. */
export const toolName = (): string => {
  for (const path of ['../package.json', '../../package.json']) {
    const json = found(path);
    if (typeof json === 'object' && json !== null && 'version' in json && 'name' in json && json.name === 'recall-tui')
      return `recall-tui/${String(json.version)}`;
  }
  return 'recall-tui/unknown';
};
