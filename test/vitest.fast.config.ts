import { mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

const config = mergeConfig(base, {});

/** What a change is checked with at first: the folders below tui and adapters that neither train nor start a process. */
export default {
  ...config,
  test: {
    ...config.test,
    include: ['base', 'domain', 'engine', 'state', 'views', 'console'].map((dir) => `test/${dir}/**/*.test.ts`),
    // These run shells.
    exclude: ['test/console/completion-scripts.test.ts'],
    // Nothing here runs from dist/.
    globalSetup: [],
  },
};
