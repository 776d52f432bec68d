import { readFileSync, writeFileSync } from 'node:fs';
import { fileLocks } from '../../src/adapters/sqlite/lock.ts';

/** Takes the lock of a file as often as asked, and adds one to the number in it each time; 0: takes it and keeps it. */
const [path = '', times = '0'] = process.argv.slice(2);

const taken = (): { release(): void } => {
  for (;;) {
    const outcome = fileLocks.take(path);
    if ('release' in outcome) return outcome;
  }
};

if (times === '0') {
  taken();
  process.stdout.write('held\n');
  setInterval(() => undefined, 1000);
}
for (let i = 0; i < Number(times); i += 1) {
  const lock = taken();
  writeFileSync(path, String(Number(readFileSync(path, 'utf8')) + 1));
  lock.release();
}
