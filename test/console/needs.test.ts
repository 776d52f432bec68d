import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import { allAbilities } from '../../src/domain/abilities.ts';

const either = [true, false];

describe('a command that cannot run now', () => {
  it('gives what it needs, in one style, whatever is missing', () => {
    const wrong = new Set<string>();
    let refused = 0;
    for (const { id, when } of commands)
      for (const hasModel of either)
        for (const hasIndex of either)
          for (const hasI2i of either)
            for (const userId of ['u1', null])
              for (const adId of ['ad-1', null]) {
                const abilities = hasModel ? allAbilities : null;
                const reason = when?.({ hasModel, hasIndex, hasI2i, abilities, userId, adId }) ?? true;
                if (reason === true) continue;
                refused += 1;
                if (!/^needs (an?|another|mode) /.test(reason)) wrong.add(`${id}: ${reason}`);
              }
    expect(refused).toBeGreaterThan(100);
    expect([...wrong]).toEqual([]);
  });
});
