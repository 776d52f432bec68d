import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'dist', 'main.js');
const movielens = resolve(root, process.env['RECALL_DATA'] ?? '../shared/data', 'ml-100k');

const run = (args: readonly string[]) =>
  spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Files of the bundle that are loaded before anything is asked for. */
const reachable = (entry: string, seen = new Set<string>()): string[] => {
  if (seen.has(entry)) return [];
  seen.add(entry);
  for (const m of readFileSync(entry, 'utf8').matchAll(/^(?:import|export)[^'"]*?['"](\.\/[^'"]+)['"]/gm))
    reachable(join(dirname(entry), m[1] ?? ''), seen);
  return [...seen];
};

describe('the program', () => {
  it('refuses to draw without a terminal: exit 2, and the commands to use instead', () => {
    const { status, stdout, stderr } = run([]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/no terminal for the screen[\s\S]*recall[\s\S]*recall-tui demo/);
  });

  it('answers help, version and the reference of commands without a workspace', () => {
    expect(run(['--version']).stdout).toMatch(/^recall-tui \d+\.\d+\.\d+\n$/);
    expect(run(['--help']).stdout).toContain('recall-tui [COMMAND] [ARGUMENTS] [--json]');
    expect(run(['commands', '--markdown']).stdout).toMatch(/\| `q` `ctrl-c` \| Quit \|/);
  });

  it('reaches neither TensorFlow nor SQLite nor Ink before a command needs them', () => {
    const heavy = reachable(bin).filter((file) =>
      /(?:from|require\()\s*["'](?:better-sqlite3|hnswlib-node|@tensorflow)|react-reconciler/.test(
        readFileSync(file, 'utf8'),
      ),
    );
    expect(heavy).toEqual([]);
  });

  it('ends quietly when its reader goes away', async () => {
    const child = spawn(process.execPath, [bin, 'commands', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk);
    });
    child.stdout.destroy();
    const code = await new Promise((done) => {
      child.on('close', done);
    });
    expect([code, stderr]).toEqual([0, '']);
  });

  it.skipIf(!existsSync(movielens))(
    'stops an import at Ctrl-C with exit 130 and leaves no half workspace',
    async () => {
      const dir = mkdtempSync(join(tmpdir(), 'recall-interrupt-'));
      const child = spawn(process.execPath, [bin, 'import', 'movielens', movielens, '--out', join(dir, 'ws')], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += String(chunk);
      });
      const watch = setInterval(() => {
        if (readdirSync(dir).length === 0) return;
        child.kill('SIGINT');
        clearInterval(watch);
      }, 5);
      const code = await new Promise((done) => {
        child.on('close', done);
      });
      // A machine fast enough to finish within the wait has done the whole import instead.
      if (code === 0) expect(existsSync(join(dir, 'ws', 'recall.json'))).toBe(true);
      else {
        expect([code, stderr]).toEqual([130, expect.stringContaining('recall-tui: ')]);
        expect(existsSync(join(dir, 'ws')) ? readdirSync(join(dir, 'ws')) : []).toEqual([]);
      }
      rmSync(dir, { recursive: true, force: true });
    },
  );
});
