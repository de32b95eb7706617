/** The keys: HKDF-SHA256 per purpose with the issuer in `info` (RFC 5869), from a ring of current and previous secrets. */
import { base64url, type CryptoKey } from 'jose'
import { type Lineage, type Purpose, type PurposeRow, purposes } from './purposes.ts'

export interface Key {
  /** Names the generation of the secret: the same on every replica, and tells nothing about it. */
  kid: string
  key: CryptoKey
}

export interface KeyRing {
  /** The key under which `purpose` is sealed today. */
  newest(purpose: Purpose): Promise<Key>
  /** The key of the generation `kid`, or undefined where the ring does not hold it (any more). */
  find(purpose: Purpose, kid: string): Promise<Key | undefined>
}

/** Secrets of each lineage, the newest first, at least one of at least 32 bytes each. */
export type Secrets = Record<Lineage, readonly Uint8Array[]>

/** Two deployments with the same secret but another issuer cannot read each other. Throws TypeError without secrets. */
export function createKeyRing(issuer: string, secrets: Secrets): KeyRing {
  const generations = { registration: load(secrets.registration), session: load(secrets.session) }
  const derived = new Map<string, Promise<Key>>()

  function key(purpose: Purpose, { kid, base }: Generation): Promise<Key> {
    const name = `${purpose} ${kid}`
    const known = derived.get(name) ?? derive(base, `lectern/v1|${issuer}|${purpose}`, purpose, kid)
    derived.set(name, known)
    return known
  }

  return {
    async newest(purpose) {
      const [first] = await generations[purposes[purpose].lineage]
      return key(purpose, first!)
    },
    async find(purpose, kid) {
      const all = await generations[purposes[purpose].lineage]
      const generation = all.find((each) => each.kid === kid)
      return generation && key(purpose, generation)
    },
  }
}

interface Generation {
  kid: string
  base: CryptoKey
}

function load(secrets: readonly Uint8Array[]): Promise<Generation[]> {
  if (secrets.length === 0) throw new TypeError('a key ring without a secret')
  return Promise.all(secrets.map(generation))
}

async function generation(secret: Uint8Array): Promise<Generation> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits', 'deriveKey'])
  const name = new Uint8Array(await crypto.subtle.deriveBits(hkdf('lectern/v1|kid'), base, 40))
  return { kid: base64url.encode(name).slice(0, 6), base }
}

async function derive(base: CryptoKey, info: string, purpose: Purpose, kid: string): Promise<Key> {
  const { algorithm, usages } = USES[purposes[purpose].form]
  return { kid, key: await crypto.subtle.deriveKey(hkdf(info), base, algorithm, false, usages) }
}

type Usage = 'sign' | 'verify' | 'encrypt' | 'decrypt' | 'wrapKey' | 'unwrapKey'

// biome-ignore format: one form a line
const USES: Record<PurposeRow['form'], { algorithm: { name: string; length: number; hash?: string }; usages: Usage[] }> = {
  signed: { algorithm: { name: 'HMAC', hash: 'SHA-256', length: 256 }, usages: ['sign', 'verify'] },
  direct: { algorithm: { name: 'AES-GCM', length: 256 }, usages: ['encrypt', 'decrypt'] },
  wrapped: { algorithm: { name: 'AES-KW', length: 256 }, usages: ['wrapKey', 'unwrapKey'] },
}

/** The secrets are random, so no salt is needed (RFC 5869, 3.1). */
function hkdf(info: string) {
  return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(info) }
}
