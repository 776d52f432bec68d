import type { Unit, UnitDifference } from '../answers/session.ts';
import { createEngine } from '../engine/create-engine.ts';
import type { EngineDeps } from '../engine/deps.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { SessionArtefacts, SessionHeader, SessionStep } from './format.ts';
import { artefactsOf, type SessionWorkspace } from './workspace.ts';

export const unitTitles: Readonly<Record<Unit, string>> = {
  model: 'model, vectors and graph',
  graph: 'the graph over the same vectors',
  data: 'the sample of users and ads',
  i2i: 'the item-to-item neighbours',
  rules: 'the legacy rules',
  settings: "the manifest's settings",
  backend: 'the TensorFlow backend',
};

const unitOf = (name: string, differs: (name: keyof SessionArtefacts) => boolean): Unit | null => {
  switch (name) {
    case 'model':
    case 'vectors':
      return 'model';
    case 'index':
      return differs('model') || differs('vectors') ? 'model' : 'graph';
    case 'db':
      return 'data';
    case 'i2i':
      return 'i2i';
    case 'rules':
      return 'rules';
    case 'settings':
      return 'settings';
    default:
      return null;
  }
};

const names = ['model', 'vectors', 'index', 'i2i', 'db', 'rules', 'settings'] as const;

/** Units whose fingerprints are not those of the recording, in the order they are tried. */
export const differingUnits = (
  header: Pick<SessionHeader, 'artefacts' | 'backend'>,
  workspace: SessionWorkspace,
): UnitDifference[] => {
  const now = artefactsOf(workspace);
  const { artefacts, backend } = header;
  const differs = (name: keyof SessionArtefacts): boolean => artefacts[name] !== now[name];
  const found: UnitDifference[] = [];
  for (const name of names) {
    const unit = differs(name) ? unitOf(name, differs) : null;
    if (unit !== null && !found.some((one) => one.unit === unit))
      found.push({ unit, recorded: artefacts[name], present: now[name] });
  }
  const present = workspace.backend()?.name ?? null;
  if (backend !== null && present !== null && backend !== present)
    found.push({ unit: 'backend', recorded: backend, present });
  return found;
};

/** Could this unit change the answer of this step? Where the command is not known to leave it out: yes. */
export const takesPart = (unit: Unit, step: Pick<SessionStep, 'command'>, queries: readonly RecallQuery[]): boolean => {
  if (step.command !== 'recall' && step.command !== 'compare') return true;
  const asks = (modes: readonly RecallQuery['mode'][]): boolean =>
    queries.length === 0 || queries.some((query) => modes.includes(query.mode));
  switch (unit) {
    case 'model':
    case 'graph':
    case 'backend':
      return asks(['model', 'merged']);
    case 'i2i':
      return asks(['i2i', 'merged']);
    case 'rules':
      return asks(['legacy', 'merged']);
    default:
      return true;
  }
};

const depsOf = (workspace: SessionWorkspace): EngineDeps => {
  const { settings, store, catalog, text, index, vectors, scan, i2i, graph, encoder, adEncoder, clock } = workspace;
  return {
    settings,
    store,
    catalog,
    text,
    index,
    vectors,
    scan,
    i2i,
    ...(graph === undefined ? {} : { graph }),
    encoder,
    adEncoder,
    clock,
  };
};

const part = (unit: Unit, from: EngineDeps): Partial<EngineDeps> => {
  switch (unit) {
    case 'model':
      return {
        encoder: from.encoder,
        adEncoder: from.adEncoder,
        vectors: from.vectors,
        scan: from.scan,
        index: from.index,
        ...(from.graph === undefined ? {} : { graph: from.graph }),
      };
    case 'graph':
      return { index: from.index, ...(from.graph === undefined ? {} : { graph: from.graph }) };
    case 'data':
      return { store: from.store, catalog: from.catalog, text: from.text };
    case 'i2i':
      return { i2i: from.i2i };
    case 'settings':
      return { settings: from.settings };
    case 'rules':
    case 'backend':
      return {};
  }
};

/** The present workspace with some units of the recorded one: a new engine over the mixed ports, nothing is copied. */
export const withUnits = (
  present: SessionWorkspace,
  recorded: SessionWorkspace,
  units: readonly Unit[],
): SessionWorkspace => {
  const deps = units.reduce<EngineDeps>(
    (mixed, unit) => ({ ...mixed, ...part(unit, depsOf(recorded)) }),
    depsOf(present),
  );
  return {
    ...present,
    ...deps,
    engine: createEngine(deps),
    rules: units.includes('rules') ? recorded.rules : present.rules,
  };
};

/** Rows of vectors, index and neighbours are ordinals of the catalogue: samples with other ads take them along. */
export const sameCatalogue = (a: SessionWorkspace, b: SessionWorkspace): boolean => {
  if (a.catalog.adCount !== b.catalog.adCount) return false;
  for (let i = 0; i < a.catalog.adCount; i += 1) if (a.catalog.idOf(i) !== b.catalog.idOf(i)) return false;
  return true;
};
