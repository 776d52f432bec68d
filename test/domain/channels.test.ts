import { describe, expect, it } from 'vitest';
import {
  channelNames,
  defaultMerge,
  evidenceSubject,
  isEvidence,
  ruleNames,
  soloChannels,
} from '../../src/domain/channels.ts';
import { modes } from '../../src/domain/query.ts';
import { normaliseQuery, parseQuery } from '../../src/domain/query-schema.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { queryOf } from '../support/small-world.ts';

const smallQuery = queryOf('u1');

describe('the list of channels', () => {
  it('gives every channel a place in the default merge and every rule a default quota', () => {
    expect(channelNames).toEqual([
      'model',
      'i2i',
      'keyword',
      'recent-category',
      'frequent-category',
      'priority',
      'popular',
    ]);
    expect(modes).toEqual([...soloChannels, 'legacy', 'merged']);
    expect([...soloChannels, ...ruleNames].sort()).toEqual([...channelNames].sort());
    expect(defaultMerge).toEqual({
      order: channelNames,
      quota: {
        model: 60,
        i2i: 20,
        keyword: 10,
        'recent-category': 10,
        'frequent-category': 10,
        priority: 10,
        popular: 10,
      },
    });
    expect(defaultRules.order).toEqual(ruleNames);
    expect(defaultRules.quota).toEqual({
      keyword: 40,
      'recent-category': 30,
      'frequent-category': 20,
      priority: 10,
      popular: 20,
    });
  });

  it('reads a query recorded before a rule existed as it was: without a quota for the rule', () => {
    const { popular: _, ...quota } = smallQuery.rules.quota;
    const recorded = { ...smallQuery, rules: { ...smallQuery.rules, quota } };
    const groups = Object.keys(smallQuery.weights);
    const read = parseQuery(JSON.parse(JSON.stringify(recorded)), groups);
    expect(read.rules.quota).toEqual(quota);
    expect(JSON.stringify(normaliseQuery(read, groups))).toBe(JSON.stringify(read));
  });

  it('refuses a quota of a rule that does not exist', () => {
    const wrong = { ...smallQuery, rules: { ...smallQuery.rules, quota: { keywrod: 3 } } };
    expect(() => parseQuery(wrong, Object.keys(smallQuery.weights))).toThrow(
      expect.objectContaining({ code: 'usage', found: expect.stringMatching(/rules\.quota.*keywrod/s) }),
    );
  });

  it('knows what of the user a candidate of a rule rests on', () => {
    expect(evidenceSubject({ type: 'latest-browse', eventId: 'e', category: 'Home', count: 1 })).toEqual({
      what: 'category',
      value: 'Home',
    });
    expect(evidenceSubject({ type: 'matched-query', query: 'lamp', eventId: 'e', terms: [], bm25: 1 })).toEqual({
      what: 'query',
      value: 'lamp',
    });
    expect(evidenceSubject({ type: 'popularity', count: 3 })).toBeNull();
  });

  it('takes plain data as evidence by the name of its type', () => {
    expect(isEvidence({ type: 'popularity', count: 3 })).toBe(true);
    expect([{ type: 'oracle' }, { type: 'toString' }, {}, null, 'popularity'].map(isEvidence)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
