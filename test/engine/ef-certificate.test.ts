import { describe, expect, it } from 'vitest';
import { efCertificate } from '../../src/engine/ef-certificate.ts';
import { createFactories } from '../../src/index.ts';
import { normalise, rawVector, seeded, temporaryFolder, unitVectors } from '../support/vectors.ts';

const [count, dim] = [120, 8];

type Question = Parameters<typeof efCertificate>[2];
type Finding = Awaited<ReturnType<typeof efCertificate>>;

interface Case {
  /** The first ef that returns the ad among k, by a run of every one; null: none does. */
  readonly first: number | null;
  readonly question: Question;
  readonly ask: (more?: Partial<Question>) => Promise<Finding>;
}

/** Ads of a poor graph, in groups of `copies` with the same vector, each with what a run of every ef says of it. */
const cases = async (copies: number, seed: number): Promise<Case[]> => {
  const vectors = unitVectors(count, dim, seed);
  for (let row = 0; row < count; row += 1)
    if (row % copies !== 0) vectors.data.copyWithin(row * dim, (row - 1) * dim, row * dim);
  const path = `${temporaryFolder('certificate')}/ads.hnsw`;
  const { hnsw } = createFactories({}).indexes;
  await hnsw.build({ vectors, path, m: 2, efConstruction: 4, seed: 100 });
  const expected = { count, dim, space: 'ip' as const };
  const [index, graph] = [await hnsw.load(path, expected), await hnsw.openGraph(path, expected)];
  const random = seeded(seed);
  const found: Case[] = [];
  for (const k of [1, 5, 12]) {
    const vector = normalise(rawVector(random, dim));
    const lists = await Promise.all(
      Array.from({ length: count - k + 1 }, async (_, i) => [...(await index.search(vector, k, k + i)).ordinals]),
    );
    const scores = Array.from({ length: count }, (_, ad) =>
      vector.reduce((sum, x, d) => sum + x * (vectors.data[ad * dim + d] ?? 0), 0),
    );
    for (let ordinal = 0; ordinal < count; ordinal += 1) {
      const above = scores.filter((score) => score > (scores[ordinal] ?? 0) + 1e-6).length;
      const within = above + copies <= k;
      if (!within && ordinal % 5 !== 0) continue;
      const at = lists.findIndex((list) => list.includes(ordinal));
      const question: Question = { vector, ordinal, k, emitted: k, mask: undefined, within };
      found.push({
        first: at < 0 ? null : k + at,
        question,
        ask: (more = {}) => efCertificate(index, graph, { ...question, ...more }),
      });
    }
  }
  return found;
};

const foundAt = ({ certificate }: Finding): number | null => certificate?.foundAt ?? null;

/** Every case is what the run of every ef gives, for ads outside the exact top k (or, with `within`, in it). */
const expectAll = async (all: readonly Case[]): Promise<void> => {
  expect(all.some(({ first }) => first !== null)).toBe(true);
  for (const { first, question, ask } of all) {
    const finding = await ask();
    const { k, ordinal } = question;
    expect({ k, ordinal, foundAt: foundAt(finding) }).toEqual({ k, ordinal, foundAt: first });
    expect(finding.certificate?.certain).not.toBe(false);
    expect(finding.reason === null).toBe(first !== null);
  }
};

describe('a certificate of the smallest ef', () => {
  it('is what a run of every ef gives, for ads without equals', async () => {
    const all = (await cases(1, 3)).filter(({ question }) => !question.within);
    expect(all.some(({ first }) => first === null)).toBe(true);
    await expectAll(all);
  });

  it('is what a run of every ef gives, where ads tie in fours', async () => {
    const all = (await cases(4, 5)).filter(({ question }) => !question.within);
    expect(all.some(({ first }) => first === null)).toBe(true);
    await expectAll(all);
  });

  it.each([1, 4])('is what a run of every ef gives for ads of the exact list, in groups of %i', async (copies) => {
    const all = (await Promise.all([3, 5, 8].map((seed) => cases(copies, seed)))).flat();
    const within = all.filter(({ question }) => question.within);
    expect(within.length).toBeGreaterThan(20);
    expect(within.some(({ first, question }) => first !== null && first > question.k)).toBe(true);
    await expectAll(within);
  });

  it('says that it is not certain where ties need more runs than are made, and names an ef that works all the same', async () => {
    const all = await cases(4, 5);
    const late = [];
    for (const one of all)
      if (one.first !== null && one.first > one.question.k + 3 && (await one.ask()).ranTo !== null) late.push(one);
    expect(late.length).toBeGreaterThan(3);
    for (const { first, question, ask } of late) {
      const limited = await ask({ runs: 3 });
      expect(limited.ranTo ?? 0).toBeGreaterThanOrEqual(question.k + 2);
      // What was run shows no smaller one; what is named was run too, though a smaller one may work.
      if (limited.certificate === null) expect(question.within).toBe(false);
      else {
        expect(limited.certificate.certain).toBe(false);
        expect(limited.certificate.foundAt).toBeGreaterThanOrEqual(first ?? 0);
      }
    }
  });
});
