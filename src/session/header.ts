import { sessionFormat, type SessionHeader } from './format.ts';
import type { Vault } from './vault.ts';
import { artefactsOf, type SessionWorkspace } from './workspace.ts';

export interface HeaderOptions {
  readonly tool: string;
  readonly note: string;
  readonly text: boolean;
}

export const headerOf = (
  workspace: SessionWorkspace,
  vault: Vault,
  { tool, note, text }: HeaderOptions,
): SessionHeader => ({
  format: sessionFormat,
  artefacts: artefactsOf(workspace),
  backend: workspace.backend()?.name ?? null,
  modelKind: workspace.manifest.model?.kind ?? null,
  icu: process.versions.icu ?? 'none',
  tool,
  note,
  privacy: { scheme: 'hmac-sha256+aes-256-gcm@1', key: vault.keyId, text },
});
