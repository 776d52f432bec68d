import { join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * `RECALL_TUI_CONFIG`, else `$XDG_CONFIG_HOME/recall-tui/config.json`, by default under `~/.config`. null where the
 * environment names no folder.
 */
export const configPath = (env: Env): string | null => {
  if (env['RECALL_TUI_CONFIG']) return env['RECALL_TUI_CONFIG'];
  const home = env['HOME'];
  const folder = env['XDG_CONFIG_HOME'] || (home ? join(home, '.config') : undefined);
  return folder === undefined ? null : join(folder, 'recall-tui', 'config.json');
};
