import { canonicalJson, sha256Of } from '../base/json.ts';
import type { CommandContext } from '../console/command.ts';
import type { SessionArtefacts } from './format.ts';

export type SessionWorkspace = Awaited<ReturnType<CommandContext['workspace']>>;

/** Fingerprints of everything an answer is made of, under the names of the header. */
export const artefactsOf = ({ fingerprints, settings, rules }: SessionWorkspace): SessionArtefacts => ({
  model: fingerprints.model,
  vectors: fingerprints.vectors,
  index: fingerprints.index,
  i2i: fingerprints.i2i,
  db: fingerprints.sample,
  rules: fingerprints.rules ?? sha256Of(canonicalJson(rules)),
  settings: sha256Of(canonicalJson(settings)),
});
