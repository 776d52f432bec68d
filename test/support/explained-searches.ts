import { vi } from 'vitest';
import type * as createEngineModule from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { RecallResult } from '../../src/domain/result.ts';
import { assertExplains } from './assert-explains.ts';

/**
 * A setup file: every engine that any test makes, over the world in memory or a real workspace, explains
 * each search it runs. Nobody has to remember to ask.
 */
const explained = (engine: Engine): Engine => {
  const checked = async (result: RecallResult): Promise<RecallResult> => {
    await assertExplains(engine, result);
    return result;
  };
  return {
    ...engine,
    recall: async (query, options) => checked(await engine.recall(query, options)),
    compare: async (queryA, queryB, options) => {
      const comparison = await engine.compare(queryA, queryB, options);
      await checked(comparison.a);
      await checked(comparison.b);
      return comparison;
    },
  };
};

vi.mock('../../src/engine/create-engine.ts', async (importOriginal) => {
  const original = await importOriginal<typeof createEngineModule>();
  return {
    ...original,
    createEngine: (...deps: Parameters<typeof original.createEngine>) => explained(original.createEngine(...deps)),
  };
});
