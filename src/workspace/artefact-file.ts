/** A file or folder that the manifest names; `path` is relative to the manifest's folder, or absolute. */
export interface ArtefactFile {
  /** Name in a report of doctor: "index labels". */
  readonly name: string;
  /** Name in messages: "the labels of the index". */
  readonly title: string;
  readonly path: string;
  readonly sha256: string;
  readonly folder: boolean;
}

/** A file or folder of the workspace, its name relative to it, and its hash as it was written. */
export interface FileHash {
  readonly file: string;
  readonly sha256: string;
}
