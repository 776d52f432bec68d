import { mkdirSync } from 'node:fs';
import { heavyWorkspace } from '../support/heavy-workspace.ts';

/** `node --import tsx test/bench/make-heavy.ts ROOT [EVENTS]`: the demo with one user more, of 200,000 events. */
const [root = '', count = '200000'] = process.argv.slice(2);
mkdirSync(root, { recursive: true });
const { dir } = await heavyWorkspace(root, Number(count));
process.stdout.write(`${dir}\n`);
