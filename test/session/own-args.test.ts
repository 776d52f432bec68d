import { describe, expect, it } from 'vitest';
import { tuneCommand } from '../../src/commands/change/tune.ts';
import { ownArgs } from '../../src/session/run-step.ts';
import { worldQuery } from '../support/memory-world.ts';

describe('the arguments of a recorded step', () => {
  it('leave out the preset that tune saves, so that a replay writes nothing', () => {
    const args = { recall: 0.95, against: 'engaged', users: '40', save: 'quick', replace: true, mode: 'merged' };
    const own = { recall: 0.95, against: 'engaged', users: '40' };
    expect(ownArgs(args, tuneCommand.args, worldQuery('u1'))).toEqual(own);
    expect(ownArgs(args, tuneCommand.args, undefined)).toEqual({ ...own, mode: 'merged' });
  });
});
