import { describe, expect, it } from 'vitest';
import { localHost } from '../support/local-host.ts';
import { smallWorkspace } from '../support/small-workspace.ts';
import { keys, runTui } from '../support/tui.ts';

describe('a workspace without a model', () => {
  it('shows the merged list, i2i next to the rules, and why there are no weights and explanations', async () => {
    const { dir, tools } = await smallWorkspace();
    const t = await runTui(140, 40, { realHost: localHost(dir, tools) });
    expect(t.screen.text()).toMatch(/small · no model · 600 ads/);
    await t.press(keys.enter);
    expect(t.screen.text()).toMatch(/\[merged \d+\]/);
    expect(t.screen.text()).toContain('Funnel');
    await t.press('x');
    expect(t.screen.text()).toMatch(/merged +\d+ ads.*i2i +\d+ ads/);
    await t.press('x', 'w');
    expect(t.screen.text()).toMatch(/▸ 1 +model +0 ├/);
    expect(t.store.get().selectedSlider).toBeNull();
    await t.press('w');
    await t.press('e');
    expect(t.screen.text()).toMatch(/! e: needs a model; this workspace has none/);
    await t.press('M');
    expect(t.screen.text()).toMatch(/✗ .*model/);
    await t.press('w');
    expect(t.screen.text()).toMatch(/! w: needs a model; this workspace has none/);
    await t.press('M', 'M');
    expect(t.screen.text()).toMatch(/\[legacy \d+\]/);
    await t.press('q');
    expect(await t.exit).toBe(0);
  });
});
