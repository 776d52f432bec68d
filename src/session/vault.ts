import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { readText } from '../base/text-file.ts';
import { RecallError } from '../errors.ts';
import { placeOf } from '../workspace/places.ts';

/** Hides what must not leave a workspace, and opens it again for those who hold the workspace's key. */
export interface Vault {
  /** Names the key; gives nothing of it away. */
  readonly keyId: string;
  /** HMAC-SHA256, 128 bits: `user:…`. A name that is hidden already stays as it is. */
  user(id: string): string;
  event(id: string): string;
  /** AES-256-GCM: `sealed:…`. */
  seal(text: string): string;
  /** Throws `bad-input` when the text was altered or sealed under another key. */
  open(sealed: string): string;
  /** Keyed digest, 64 bits in hex: low-entropy data cannot be guessed from it. */
  digest(text: string): string;
}

export const sealedPrefix = 'sealed:';
export const isSealed = (text: string): boolean => text.startsWith(sealedPrefix);

const nonceBytes = 12;
const tagBytes = 16;

/**
 * The nonce of a text is an HMAC of the text itself (a synthetic IV, as in RFC 8452): the same text gives the
 * same bytes, so that a session recorded again, rewritten or branched does not differ where nothing changed,
 * and two different texts share a nonce only by a 96-bit collision. It reveals only that two texts are equal.
 */
export const createVault = (key: Buffer): Vault => {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', key, '', `recall-tui session ${purpose}`, 32));
  const [idKey, sealKey, nonceKey] = [derive('ids'), derive('text'), derive('nonce')];
  const mac = (text: string): Buffer => createHmac('sha256', idKey).update(text).digest();
  const hidden =
    (kind: 'user' | 'event') =>
    (id: string): string =>
      `${kind}:${mac(`${kind}\0${id}`).toString('hex').slice(0, 32)}`;
  return {
    keyId: mac('key-id').toString('hex').slice(0, 16),
    user: hidden('user'),
    event: hidden('event'),
    digest: (text) => mac(`digest\0${text}`).toString('hex').slice(0, 16),
    seal: (text) => {
      const nonce = createHmac('sha256', nonceKey).update(text).digest().subarray(0, nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return sealedPrefix + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed.slice(sealedPrefix.length), 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, nonceBytes));
        decipher.setAuthTag(bytes.subarray(-tagBytes));
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString(
          'utf8',
        );
      } catch (cause) {
        throw new RecallError('bad-input', 'a sealed text of the session cannot be opened', {
          expected: "text sealed under this workspace's key",
          found: 'altered bytes, or another key',
          todo: 'open the workspace the session was recorded on (-w DIR)',
          cause,
        });
      }
    },
  };
};

/** The vault of a workspace's key file. Throws `missing-artefact` without one, `bad-input` when it is no key. */
export const openVault = async (workspace: {
  readonly dir: string;
  readonly manifest: { readonly key: string };
}): Promise<Vault> => {
  const path = placeOf(workspace.dir, workspace.manifest.key);
  const text = await readText(path).catch((cause: unknown) => {
    if (cause instanceof RecallError) throw cause;
    throw new RecallError('missing-artefact', `the workspace has no key for sessions: ${path}`, {
      expected: '32 bytes in hex',
      todo: 'import again (it keeps an existing key), or write one: openssl rand -hex 32',
      cause,
    });
  });
  const hex = text.trim();
  if (!/^[0-9a-f]{64}$/i.test(hex))
    throw new RecallError('bad-input', `not a key: ${path}`, {
      expected: '32 bytes in hex',
      found: `${hex.length} characters`,
    });
  return createVault(Buffer.from(hex, 'hex'));
};
