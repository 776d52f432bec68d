import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallestEf } from '../../../src/domain/hnsw/certificate.ts';
import { MaxHeap } from '../../../src/domain/hnsw/heap.ts';
import { parseHeader } from '../../../src/domain/hnsw/header.ts';
import { RecallError } from '../../../src/errors.ts';

describe('the heap of the replayed search', () => {
  it('gives keys back in falling order, whatever is pushed and popped', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('pop' as const), fc.integer({ min: -9, max: 9 }))), (steps) => {
        const heap = new MaxHeap();
        const model: number[] = [];
        for (const step of steps) {
          if (step !== 'pop') {
            heap.push(step, step + 100);
            model.push(step);
            continue;
          }
          if (model.length === 0) continue;
          model.sort((a, b) => a - b);
          expect(heap.topKey).toBe(model.pop());
          expect(heap.topNode).toBe(heap.topKey + 100);
          heap.pop();
          expect(heap.size).toBe(model.length);
        }
      }),
    );
  });
});

describe('the search for the smallest ef', () => {
  it('ends where "found" turns true, after one less was tried and failed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 5000 }), async (least, turn) => {
        const tried = new Map<number, boolean>();
        const isFound = (ef: number): boolean => {
          tried.set(ef, ef >= turn);
          return ef >= turn;
        };
        const certificate = await smallestEf(isFound, least, 4000);
        if (turn > 4000 && turn > least) {
          expect(certificate).toBeNull();
          return;
        }
        expect(certificate?.foundAt).toBe(Math.max(least, turn));
        expect(tried.get(certificate?.foundAt ?? -1)).toBe(true);
        if (turn > least) {
          expect(certificate?.notFoundAt).toBe(turn - 1);
          expect(tried.get(turn - 1)).toBe(false);
        } else {
          expect(certificate?.notFoundAt).toBeNull();
        }
      }),
    );
  });
});

describe('the header of an index file', () => {
  const sourceOf = (bytes: Uint8Array): { size: number; read(offset: number, length: number): Uint8Array } => ({
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  });

  it('never throws anything but bad-index on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 300 }), (bytes) => {
        try {
          parseHeader(sourceOf(bytes));
        } catch (error) {
          expect(error instanceof RecallError && error.code).toBe('bad-index');
        }
      }),
    );
  });

  it('says how short a truncated file is', () => {
    expect(() => parseHeader(sourceOf(new Uint8Array(50)))).toThrow(/shorter than its header/);
  });
});
