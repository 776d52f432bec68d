/** The content of a column of a team's table, seen in its first rows. */
export interface ColumnProfile {
  readonly name: string;
  /** SQLite's types of the values: `integer`, `real`, `text`, `blob`. */
  readonly types: readonly string[];
  readonly distinct: number;
  /** No NULL, and no value twice, in the whole table. */
  readonly unique: boolean;
  /** Different values of the first rows, as text. */
  readonly values: readonly string[];
}

export interface TableProfile {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

/** Share (0 … 1) of the values of `from.column` that are found in the unique column `to.key`. */
export interface Overlap {
  readonly from: string;
  readonly column: string;
  readonly to: string;
  readonly key: string;
  readonly share: number;
}

export interface SqliteProfile {
  readonly tables: readonly TableProfile[];
  readonly overlaps: readonly Overlap[];
}
