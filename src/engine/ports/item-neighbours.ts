/** Item-to-item neighbours: co-occurrence cosine with shrinkage. */
export interface ItemNeighbours {
  readonly builtUntil: number | null;
  /** Neighbour ordinals and similarities, best first. Views into the file's arrays: do not keep. */
  neighbours(ordinal: number): { readonly ordinals: Int32Array; readonly similarities: Float32Array };
}
