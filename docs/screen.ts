/** Draws docs/screen.svg: the demo on an emulated terminal, after the keys below. `npm run docs:screen`. */
import { writeFileSync } from 'node:fs';
import { openDemo, testTools } from '../test/support/demo.ts';
import { localHost } from '../test/support/local-host.ts';
import { keys, runTui } from '../test/support/tui.ts';
import { terminalSvg } from './terminal-svg.ts';

const [columns, rows] = [112, 34];
const pressed = ['u-torn', keys.enter, 'e'];

const demo = await openDemo();
await demo.close();
const tui = await runTui(columns, rows, { realHost: localHost(demo.dir, testTools) });
await tui.press(...pressed);
// The last row of the terminal is never drawn.
const drawn = Array.from({ length: rows - 1 }, (_, y) => tui.screen.styled(y));
await tui.press('q');
await tui.exit;
const title = 'recall-tui: the behaviour of a user, the list recalled for them, and why its first ad is there';
writeFileSync(new URL('screen.svg', import.meta.url), terminalSvg(drawn, title));
