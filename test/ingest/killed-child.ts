import { runImport } from './world.ts';

/** Imports argv[2] into argv[3]; the test kills it on the way. */
await runImport('csv', process.argv[2] ?? '', process.argv[3] ?? '');
