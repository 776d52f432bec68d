/** A file or folder that the manifest names; `path` is relative to the manifest's folder, or absolute. */
export interface ArtefactFile {
  /** As doctor names it: "index labels". */
  readonly name: string;
  /** As messages name it: "the labels of the index". */
  readonly title: string;
  readonly path: string;
  readonly sha256: string;
  readonly folder: boolean;
}
