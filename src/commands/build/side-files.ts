import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandContext } from '../../console/command.ts';
import { openVault } from '../../session/vault.ts';
import { attempt, type Check } from '../../workspace/doctor/check.ts';
import { placeOf } from '../../workspace/places.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { presetNames, presetsPath, readPresetsFile } from '../query/presets-file.ts';
import { readServed } from '../recall/served-file.ts';
import { readPlanted } from '../start/planted.ts';

const counted = (n: number, one: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : `${one}s`}`;

/** The presets are read as `preset` reads them, and can be applied: their groups are the workspace's. */
const presets = (workspace: Workspace): Promise<Check> =>
  attempt('presets', 'name → what it changes in a query', async () => {
    const all = await readPresetsFile(presetsPath(workspace));
    const groups = new Set<string>(workspace.settings.groups.map(({ name }) => name));
    for (const [name, { weights }] of Object.entries(all)) {
      const wrong = Object.keys(weights).find((group) => !groups.has(group));
      if (wrong !== undefined) return { ok: false, found: `${name}: no feature group ${JSON.stringify(wrong)}` };
    }
    const names = presetNames(all);
    return { ok: true, found: names.length === 0 ? 'none' : counted(names.length, 'preset') };
  });

/** Who holds the key can open the sessions: that others can read it is said, and is no fault of the workspace. */
const key = (workspace: Workspace): Promise<Check> =>
  attempt('key for sessions', '32 bytes in hex', async () => {
    const path = placeOf(workspace.dir, workspace.manifest.key);
    if (!existsSync(path))
      return { ok: true, found: `none: to record a session write one, openssl rand -hex 32 > ${path}` };
    await openVault(workspace);
    const mode = statSync(path).mode & 0o777;
    return {
      ok: true,
      found:
        (mode & 0o077) === 0 ? 'a key' : `a key that other users can read (0${mode.toString(8)}): chmod 600 ${path}`,
    };
  });

const served = (workspace: Workspace, context: CommandContext): Promise<Check> =>
  attempt('serving log', 'one request a line or row', async () => {
    const { requests, faults } = await readServed(workspace, undefined, context);
    const [first] = faults;
    return {
      ok: first === undefined,
      found:
        first === undefined
          ? counted(requests.length, 'request')
          : `${counted(faults.length, 'faulty line')}: ${first.error.message}`,
    };
  });

const planted = (workspace: Workspace): Promise<Check> =>
  attempt('planted clicks', 'one click a line', async () => ({
    ok: true,
    found: counted((await readPlanted(workspace)).length, 'click'),
  }));

/** The files beside the artefacts, each read as the command that needs it reads it. */
export const checkSideFiles = async (workspace: Workspace, context: CommandContext): Promise<readonly Check[]> => [
  await presets(workspace),
  await key(workspace),
  ...(workspace.manifest.served === null ? [] : [await served(workspace, context)]),
  ...(existsSync(join(workspace.dir, 'planted.jsonl')) ? [await planted(workspace)] : []),
];
