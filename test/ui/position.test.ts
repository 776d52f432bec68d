import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bookmarksOf, readUi, uiPath } from '../../src/commands/users/ui-file.ts';
import { initialState } from '../../src/state/initial.ts';
import { readPosition, withPosition } from '../../src/state/position.ts';
import { localHost } from '../support/local-host.ts';
import { smallWorkspace } from '../support/small-workspace.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';
import { temporaryFolder } from '../support/vectors.ts';
import fc from 'fast-check';

const world = smallWorkspace();

const start = async (env: Record<string, string>, columns = 120, rows = 40): Promise<RunningTui> => {
  const { dir, tools } = await world;
  return runTui(columns, rows, { realHost: localHost(dir, tools, env) });
};

const leave = async (t: RunningTui, by = 'q'): Promise<void> => {
  if (by === 'hangup') t.stdin.emit('end');
  else t.stdin.send(by);
  await t.exit;
};

const fresh = (): Record<string, string> => ({ XDG_STATE_HOME: temporaryFolder('state') });

describe('the next start', () => {
  it('offers the user left open, and Enter brings back list, panes, selection, order, columns and bookmark', async () => {
    const env = fresh();
    const first = await start(env);
    await first.press('7', keys.enter, 'l', 'j', 'j', 'j', 'B', 'o', 'G', 'k', ' ', 'k', keys.enter, '2', '+');
    const before = first.store.get();
    await leave(first);
    const second = await start(env);
    expect(second.screen.text()).toMatch(new RegExp(`▸ ${before.userId ?? ''} \\*`));
    await second.press(keys.enter);
    const after = second.store.get();
    const kept = ({ userId, mode, focus, zoom, selectedAd, sort, columns, bookmarks }: typeof after): unknown => ({
      userId,
      mode,
      focus,
      zoom,
      selectedAd,
      sort,
      columns,
      bookmarks,
    });
    expect(kept(after)).toEqual(kept(before));
    expect(after.sort).toEqual({ by: 'price', reverse: false });
    await leave(second);
  });

  it('finds it also when the terminal had gone away, and another user opens as ever', async () => {
    const env = fresh();
    const first = await start(env);
    await first.press('7', keys.enter, '+', '1');
    await leave(first, 'hangup');
    const second = await start(env);
    expect(second.store.get().finder.selected).toBe(first.store.get().userId);
    await second.press('3', keys.enter);
    expect([second.store.get().zoom, second.store.get().focus]).toEqual([false, 'recall']);
    await leave(second);
  });

  it('ignores a damaged file with a notice, and overwrites it without leaving another file', async () => {
    const env = fresh();
    const path = uiPath(env) ?? '';
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"format":"recall-tui/ui@1","works');
    const t = await start(env);
    expect(t.screen.text()).toContain('ui.json cannot be read and is ignored');
    await t.press(keys.enter, 'B');
    await leave(t);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ format: 'recall-tui/ui@1' });
    expect(readdirSync(dirname(path))).toEqual(['ui.json']);
    expect(bookmarksOf(await readUi(env), (await world).dir)).toEqual([t.store.get().userId]);
  });

  it('takes the usable fields of an edited file, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const state = withPosition(initialState('/w', { columns: 80, rows: 24 }), value);
        expect(state.bookmarks.every((id) => typeof id === 'string')).toBe(true);
        expect(['behaviour', 'recall', 'detail', 'weights']).toContain(readPosition(value).focus);
      }),
    );
  });
});
