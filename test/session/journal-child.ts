import { contextOf, recording, sessionWorkspace } from './support.ts';

/** Records as fast as it can until it is killed; prints the number of each step once its call has returned. */
const workspace = sessionWorkspace();
const path = process.argv[2];
if (path === undefined) throw new Error('no path');
const { recorder, ask } = await recording(workspace, path);
void contextOf;
process.stdout.write('0\n');
for (let n = 1; ; n += 1) {
  await ask('recall', { user: `u${n % 5}`, mode: 'i2i' });
  if (n % 3 === 0) recorder.expect({ kind: 'set' });
  process.stdout.write(`${n}\n`);
}
