/**
 * `std::priority_queue` of (float32, node) ordered by the float alone, as libstdc++ builds it: which of two
 * equal distances leaves first depends on the sift order, so push and pop follow bits/stl_heap.h
 * (`__push_heap`, `__adjust_heap`) step by step. Largest key on top.
 */
export class MaxHeap {
  private keys = new Float32Array(256);
  private nodes = new Int32Array(256);
  private length = 0;

  get size(): number {
    return this.length;
  }
  get topKey(): number {
    return this.keys[0] ?? Number.NaN;
  }
  get topNode(): number {
    return this.nodes[0] ?? -1;
  }

  clear(): void {
    this.length = 0;
  }

  push(key: number, node: number): void {
    if (this.length === this.keys.length) this.grow();
    this.length++;
    this.siftUp(this.length - 1, key, node);
  }

  pop(): void {
    this.length--;
    const len = this.length;
    if (len === 0) return;
    const [key, node] = [this.keys[len] ?? 0, this.nodes[len] ?? 0];
    const { keys } = this;
    let hole = 0;
    let child = 0;
    while (child < (len - 1) >> 1) {
      child = 2 * (child + 1);
      if ((keys[child] ?? 0) < (keys[child - 1] ?? 0)) child--;
      this.move(hole, child);
      hole = child;
    }
    if ((len & 1) === 0 && child === (len - 2) >> 1) {
      child = 2 * child + 1;
      this.move(hole, child);
      hole = child;
    }
    this.siftUp(hole, key, node);
  }

  private siftUp(from: number, key: number, node: number): void {
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!((this.keys[parent] ?? 0) < key)) break;
      this.move(hole, parent);
      hole = parent;
    }
    this.keys[hole] = key;
    this.nodes[hole] = node;
  }

  private move(to: number, from: number): void {
    this.keys[to] = this.keys[from] ?? 0;
    this.nodes[to] = this.nodes[from] ?? 0;
  }

  private grow(): void {
    const keys = new Float32Array(this.keys.length * 2);
    const nodes = new Int32Array(this.nodes.length * 2);
    keys.set(this.keys);
    nodes.set(this.nodes);
    this.keys = keys;
    this.nodes = nodes;
  }
}
