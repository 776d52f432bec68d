import { join } from 'node:path';
import { ownFolder } from '../../base/homes.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * `RECALL_TUI_CONFIG`, else `$XDG_CONFIG_HOME/recall-tui/config.json`, by default under `~/.config`. null where the
 * environment names no folder.
 */
export const configPath = (env: Env): string | null => {
  if (env['RECALL_TUI_CONFIG']) return env['RECALL_TUI_CONFIG'];
  const folder = ownFolder('config', env);
  return folder === null ? null : join(folder, 'config.json');
};
