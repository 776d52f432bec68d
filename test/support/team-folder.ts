import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { withDir } from '../ingest/world.ts';
import { realCli, type Ran } from './real-cli.ts';
import { teamFolder } from './team-workspace.ts';

/** A copy of the team's folder, as they have it lying about. */
export const withTeam = (
  run: (dir: string, cli: (...argv: string[]) => Promise<Ran>) => Promise<void>,
): Promise<void> =>
  withDir(async (dir) => {
    for (const name of readdirSync(teamFolder))
      if (!name.endsWith('.py')) copyFileSync(join(teamFolder, name), join(dir, name));
    await run(dir, (...argv) =>
      realCli(argv, { XDG_CACHE_HOME: join(dir, '.cache'), XDG_CONFIG_HOME: join(dir, '.config') }),
    );
  });

export const alter = (path: string, sql: string): void => {
  const db = new Database(path);
  db.exec(sql);
  db.close();
};
