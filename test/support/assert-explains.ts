import { expect } from 'vitest';
import { evaluateTree } from '../../src/domain/explanation.ts';
import type { Explanation, ExplanationNode } from '../../src/domain/explanation.ts';
import type { RecallResult } from '../../src/domain/result.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { explainAll } from '../../src/engine/explain/groups.ts';

const within = 1e-6;

/** Every inner node is the sum of its children, and the leaves add up to the root. */
export const assertTree = (node: ExplanationNode): void => {
  expect(Math.abs(evaluateTree(node) - node.value)).toBeLessThan(within);
  if (node.op === 'sum')
    expect(Math.abs(node.children.reduce((sum, child) => sum + child.value, 0) - node.value)).toBeLessThan(within);
  else expect(node.children).toEqual([]);
  node.children.forEach(assertTree);
};

/** baseline + Σφ + residual = score, |residual| < 1e-6, null players exactly 0, and the tree says the same. */
export const assertExplanation = (
  explanation: Pick<Explanation, 'score' | 'baseline' | 'groups' | 'residual' | 'tree'>,
): void => {
  const { score, baseline, groups, residual, tree } = explanation;
  expect(Math.abs(baseline + groups.reduce((sum, part) => sum + part.phi, 0) + residual - score)).toBeLessThan(1e-9);
  expect(Math.abs(residual)).toBeLessThan(within);
  for (const { present, weight, phi } of groups) if (!present || weight === 0) expect(phi).toBe(0);
  expect(tree.value).toBe(score);
  assertTree(tree);
};

/** For any search: each candidate's modelScore is explained by its groups to 1e-6. Call it on every result of a workspace with a model. */
export const assertExplains = async (engine: Engine, result: RecallResult): Promise<void> => {
  const scored = result.candidates.filter((candidate) => candidate.modelScore !== null);
  if (scored.length === 0) return;
  // A model whose groups cannot be taken out is explained by nothing: it must refuse.
  const encoder = await engine.core.deps.encoder();
  if (encoder !== null && encoder.abilities.groups !== true) {
    await expect(
      explainAll(
        engine.core,
        result.query,
        scored.map((candidate) => candidate.ordinal),
      ),
    ).rejects.toMatchObject({ code: 'unsupported' });
    return;
  }
  const { groups, rows } = await explainAll(
    engine.core,
    result.query,
    scored.map((candidate) => candidate.ordinal),
  );
  rows.forEach((row, i) => {
    const total = row.baseline + row.phi.reduce((sum, phi) => sum + phi, 0) + row.residual;
    expect(Math.abs(row.residual)).toBeLessThan(within);
    expect(Math.abs(total - (scored[i]?.modelScore ?? Number.NaN))).toBeLessThan(within);
    groups.forEach(({ present, weight }, g) => {
      if (!present || weight === 0) expect(row.phi[g]).toBe(0);
    });
  });
};
