import { describe, expect, it } from 'vitest';
import { exportTable } from '../../../src/commands/export/rows.ts';
import { csvCell, exportText } from '../../../src/commands/export/text.ts';
import { asResult, type PartialAnswer } from '../../support/partial-answer.ts';
import { queryOf } from '../../support/small-world.ts';

const tableOf = (answer: PartialAnswer) => exportTable(asResult(answer));

describe('the table of an answer', () => {
  it('has the rows of the list that the answer is about, whichever list comes first', () => {
    const data = { events: [{ id: 'e-1' }], groups: [{ group: 'search', phi: 0.2 }], hops: [{ level: 1 }] };
    expect(tableOf({ schema: 'explain', data })).toEqual({ columns: ['group', 'phi'], rows: [['search', '0.2']] });
    expect(tableOf({ schema: 'search-path', data })).toEqual({ columns: ['level'], rows: [['1']] });
    expect(tableOf({ schema: 'blast', data })).toEqual({ columns: ['id'], rows: [['e-1']] });
  });

  it('is empty where that list is empty, even where another one is not', () => {
    const data = { candidates: [], funnel: [{ stage: 'eligible' }] };
    expect(tableOf({ schema: 'recall', data })).toEqual({ columns: [], rows: [] });
  });

  it('turns one level of an object into columns, joins values, and keeps deeper levels as JSON', () => {
    const row = {
      id: 'ad-1',
      score: { value: 1, by: { group: 'x' } },
      tags: ['a', 'b'],
      hits: [{ rank: 1 }],
      no: null,
    };
    expect(tableOf({ schema: 'ads', data: { ads: [row, { id: 'ad-2', more: true }] } })).toEqual({
      columns: ['id', 'score.value', 'score.by', 'tags', 'hits', 'no', 'more'],
      rows: [
        ['ad-1', '1', '{"group":"x"}', 'a b', '[{"rank":1}]', '', ''],
        ['ad-2', '', '', '', '', '', 'true'],
      ],
    });
  });

  it('has a row for each field where the answer holds no list', () => {
    expect(tableOf({ schema: 'ad', data: { id: 'ad-1', price: { value: 2 } } })).toEqual({
      columns: ['field', 'value'],
      rows: [
        ['id', 'ad-1'],
        ['price.value', '2'],
      ],
    });
  });
});

describe('a cell of CSV', () => {
  it('has quotes around a comma, a quote or a line break, and doubles every quote', () => {
    expect(['a,b', 'say "a" "b"', 'plain 广告'].map(csvCell)).toEqual(['"a,b"', '"say ""a"" ""b"""', 'plain 广告']);
  });

  it('has an apostrophe before what a spreadsheet reads as a formula, and none before a number', () => {
    expect(['=1+1', '+x', '-x', '@x', '\tx', '\rx'].map((cell) => csvCell(cell).charAt(0))).toEqual([
      ...["'", "'", "'", "'", "'", "'"],
    ]);
    expect(['-1.5', '+2', '-.5e-7', '1e9'].map(csvCell)).toEqual(['-1.5', '+2', '-.5e-7', '1e9']);
  });

  it('shows a control character instead of passing it on', () => {
    expect(csvCell('a\u001b[2Jb')).toBe('a␦[2Jb');
  });
});

describe('an export in Markdown', () => {
  it('names schema, user, as-of and mode above the table', () => {
    const result = asResult({ schema: 'users', data: { users: [{ userId: 'u|1' }] }, query: queryOf('u-1') });
    expect(exportText('md', result, {})).toBe(
      '## users of u-1, as of 2025-06-17T21:04:00.000Z, mode model\n\n| userId |\n|---|\n| u\\|1 |\n',
    );
    expect(exportText('md', asResult({ schema: 'users', data: { users: [] } }), {})).toBe('## users\n\nNo rows.\n');
  });

  it('ends each row of CSV with CR LF, and JSON with a line feed', () => {
    const result = asResult({ schema: 'users', data: { users: [{ a: '1', b: 'x,y' }] } });
    expect(exportText('csv', result, {})).toBe('a,b\r\n1,"x,y"\r\n');
    expect(exportText('json', result, { schema: 'users' })).toMatch(/^\{.*\}\n$/s);
  });
});
