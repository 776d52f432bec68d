import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { folder } from '../session/support.ts';
import { localHost } from '../support/local-host.ts';
import { smallWorkspace, type SmallWorkspace } from '../support/small-workspace.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';
import { readFileSync, writeFileSync } from 'node:fs';

let small: SmallWorkspace;
beforeAll(async () => {
  small = await smallWorkspace();
  await writeFile(join(small.dir, 'key.hex'), '07'.repeat(32));
});

const typed = async (tui: RunningTui, line: string): Promise<void> => tui.press(':', ...line, keys.enter);

/** Four questions recorded by keys and commands, the third pinned. */
const recorded = async (tui: RunningTui): Promise<string> => {
  const file = join(folder(), 's.jsonl');
  await tui.press(keys.enter);
  await typed(tui, `record ${file}`);
  await typed(tui, 'recall --mode legacy');
  await typed(tui, 'recall --mode i2i');
  await typed(tui, 'expect ids');
  await typed(tui, 'recall --mode legacy -k 20');
  await typed(tui, 'record');
  return file;
};

describe('a recording that was cut off', () => {
  it('is gone on with by its name: the screen says that it records, and R ends it', async () => {
    const tui = await runTui(120, 40, {
      realHost: localHost(small.dir, small.tools, { XDG_STATE_HOME: folder() }, true),
    });
    const file = await recorded(tui);
    const before = readFileSync(file, 'utf8').trim().split('\n').length - 1;
    expect(tui.screen.text()).not.toContain('REC');
    await typed(tui, `resume ${file}`);
    expect(tui.screen.text().split('\n')[0]).toMatch(/REC ●/);
    await typed(tui, 'recall --mode i2i');
    await tui.press('R');
    expect(tui.screen.text()).toMatch(/\d+ steps recorded/);
    expect(tui.screen.text()).not.toContain('REC ●');
    expect(readFileSync(file, 'utf8').trim().split('\n').length - 1).toBeGreaterThan(before);
    await tui.press('q');
  });
});

describe('the player on the screen', () => {
  it('shows why a file cannot be read, and keeps no pane for it', async () => {
    const tui = await runTui(120, 40, { realHost: localHost(small.dir, small.tools) });
    await tui.press(keys.enter);
    await typed(tui, 'replay nofile.jsonl');
    expect(tui.screen.text()).toContain('there is no session nofile.jsonl');
    expect(tui.screen.text()).not.toContain('ENOENT');
    expect(tui.store.get().player).toBeNull();
    await tui.press('2', '6');
    expect(tui.screen.text()).not.toContain('nofile.jsonl');
    expect(tui.screen.text()).toContain('No session is open');
    await tui.press('q');
  });

  it('steps through what was recorded by keys, back, to the cursor and to the first divergence, and touches the query only when asked', async () => {
    const tui = await runTui(160, 50, { realHost: localHost(small.dir, small.tools) });
    const file = await recorded(tui);
    const total = readFileSync(file, 'utf8').trim().split('\n').length - 1;
    expect(total).toBeGreaterThanOrEqual(4);
    const query = tui.store.get().query;
    await typed(tui, `replay ${file}`);
    expect(tui.screen.text()).toContain(`${total} steps. Same artefacts as recorded.`);
    expect(tui.store.get().player?.data?.at).toBeNull();
    await tui.press('s', 's');
    expect(tui.store.get().player?.data?.at).toMatchObject({ index: 1, status: 'pass' });
    expect(tui.screen.text()).toContain('✓ passed');
    await tui.press('3');
    expect(tui.store.get().detail.kind).not.toBe('session');
    await tui.press('2', '6');
    expect(tui.screen.text()).toContain(`${total} steps. Same artefacts as recorded.`);
    await tui.press('b');
    expect(tui.store.get().player?.data?.at).toMatchObject({ index: 0 });
    await tui.press('G', keys.enter);
    expect(tui.store.get().player?.data?.rows.map(({ status }) => status)).toEqual(
      Array.from({ length: total }, () => 'pass'),
    );
    expect(tui.store.get().query).toBe(query);
    await tui.press('c');
    expect(tui.screen.text()).toContain('Every step passed.');
    await tui.press('s', 'b', 'o');
    expect(tui.store.get().query).toEqual(tui.store.get().player?.query);
    expect(tui.errors).toEqual([]);
    await tui.press('q');
  });

  it('opens the session chosen from the listing, and says of one that cannot be read why', async () => {
    const tui = await runTui(120, 40, { realHost: localHost(small.dir, small.tools) });
    const file = await recorded(tui);
    writeFileSync(join(dirname(file), 'broken.jsonl'), 'not a session\n');
    await typed(tui, `sessions --dir ${dirname(file)}`);
    while (tui.store.get().focus !== 'detail') await tui.press(keys.tab);
    await tui.press(keys.enter);
    expect(tui.store.get().detail).toMatchObject({ kind: 'recordings', row: 0 });
    expect(tui.screen.text()).toMatch(/▸ broken\.jsonl .*not JSON/);
    await tui.press(keys.enter);
    expect(tui.screen.text()).toContain('not JSON');
    expect(tui.store.get().player).toBeNull();
    await typed(tui, `sessions --dir ${dirname(file)}`);
    while (tui.store.get().focus !== 'detail') await tui.press(keys.tab);
    await tui.press(keys.enter, 'j');
    expect(tui.screen.text()).toContain('▸ s.jsonl');
    await tui.press(keys.enter);
    expect(tui.store.get().player).toMatchObject({ file, data: { from: 0 } });
    expect(tui.screen.text()).toContain('artefacts as recorded');
    await tui.press('s');
    expect(tui.screen.text()).toContain('✓ passed');
    await tui.press('q');
  });

  it('stops at the step that was changed in the file, and says which knob', async () => {
    const tui = await runTui(110, 40, { realHost: localHost(small.dir, small.tools) });
    const file = await recorded(tui);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const at = lines.findIndex((line) => line.includes('"expect":'));
    lines[at] = (lines[at] ?? '').replace(/"k":\d+/, '"k":3');
    writeFileSync(file, `${lines.join('\n')}\n`);
    await typed(tui, `play ${file}`);
    await tui.press('c');
    expect(tui.store.get().player?.data).toMatchObject({
      at: { index: at - 1, status: 'fail' },
      cause: { kind: 'knob', names: ['k'] },
    });
    expect(tui.screen.text()).toMatch(/Cause: changed in the file since it was recorded: k/);
    expect(tui.screen.text()).toContain('✗ failed');
    expect(tui.screen.text()).toContain('▼ out');
    await tui.press('q');
  });
});
