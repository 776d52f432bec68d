import { jsonOf } from '../../base/json.ts';

/** The JSON that a cell of our own sample holds; `column` is `table.column`. Throws `bad-sample`. */
export const cellJson = (text: string, column: string): unknown =>
  jsonOf(text, {
    code: 'bad-sample',
    where: `a cell of ${column} of the sample`,
    message: `a cell of ${column} of the sample is not JSON`,
    todo: 'import the sample again; it was changed outside this tool or is damaged',
  });
