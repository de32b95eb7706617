/** Tokens in the JOSE variants that libraries have fallen for, written by hand: from nothing, or with the right key itself. */
import { createCipheriv, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { base64url, exportJWK } from 'jose'
import { type Purpose, purposes } from '../../src/sealing/purposes.ts'
import { SECRETS } from './stage.ts'

const encode = (value: unknown): string =>
  base64url.encode(
    value instanceof Uint8Array
      ? value
      : new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)),
  )

/** HKDF as the ring does it, so that the raw key is at hand. */
export async function rawKey(issuer: string, purpose: Purpose): Promise<Uint8Array> {
  const { lineage } = purposes[purpose]
  const secret = SECRETS[lineage === 'session' ? 'LECTERN_SESSION_SECRETS' : 'LECTERN_REGISTRATION_SECRETS']
  const base = await crypto.subtle.importKey('raw', Buffer.from(secret, 'base64'), 'HKDF', false, [
    'deriveBits',
  ])
  const info = new TextEncoder().encode(`lectern/v1|${issuer}|${purpose}`)
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, base, 256))
}

/** A JWE with `dir` and any header, authentic under `key`. */
export function directly(key: Uint8Array, header: object, plain: Uint8Array): string {
  const head = encode(header)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(head))
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  return [head, '', encode(iv), encode(text), encode(cipher.getAuthTag())].join('.')
}

/** A JWS with HMAC and any header, authentic under `key`. */
export function signedWith(key: Uint8Array, header: object, claims: object): string {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${encode(createHmac('sha256', key).update(signed).digest())}`
}

export interface Forged {
  /** What claims would open the door. */
  claims: object
  purpose: Purpose
  kid: string
  key: Uint8Array
  issuer: string
  /** An address of the attacker's, which must never be asked. */
  elsewhere: string
}

/** Name -> token. */
export async function forge({
  claims,
  purpose,
  kid,
  key,
  issuer,
  elsewhere,
}: Forged): Promise<Record<string, string>> {
  const { typ } = purposes[purpose]
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = await exportJWK(publicKey)
  const body = encode(claims)
  const rsa = (header: object) => {
    const signed = `${encode({ alg: 'RS256', kid, typ, ...header })}.${body}`
    return `${signed}.${encode(sign('sha256', Buffer.from(signed), privateKey))}`
  }
  const plain = new TextEncoder().encode(JSON.stringify(claims))
  const ours = { alg: 'dir', enc: 'A256GCM', kid, typ }
  const junk = [
    encode(randomBytes(40)),
    encode(randomBytes(12)),
    encode(randomBytes(64)),
    encode(randomBytes(16)),
  ]
  const jwe = (header: object) => [encode({ enc: 'A256GCM', kid, typ, ...header }), ...junk].join('.')
  const der = publicKey.export({ format: 'der', type: 'spki' })
  const pem = Buffer.from(publicKey.export({ format: 'pem', type: 'spki' }))
  return {
    'alg none': `${encode({ alg: 'none', typ, kid })}.${body}.`,
    'alg None with a signature': `${encode({ alg: 'None', typ, kid })}.${body}.${encode('x')}`,
    'alg none as JWE': [encode({ alg: 'none', enc: 'none', kid, typ }), '', '', body, ''].join('.'),
    'no alg': [encode({ enc: 'A256GCM', kid, typ }), ...junk].join('.'),
    'HS256 under an empty key': signedWith(new Uint8Array(1), { alg: 'HS256', kid, typ }, claims),
    'HS256 under the issuer': signedWith(Buffer.from(issuer), { alg: 'HS256', kid, typ }, claims),
    'HS256 under the key’s own name': signedWith(Buffer.from(kid), { alg: 'HS256', kid, typ }, claims),
    'HS256 under a public key (DER)': signedWith(der, { alg: 'HS256', kid, typ }, claims),
    'HS256 under a public key (PEM)': signedWith(pem, { alg: 'HS256', kid, typ }, claims),
    'HS256 under the key of encryption': purpose === 'client' ? rsa({}) : signedWith(key, { alg: 'HS256', kid, typ }, claims),
    'HS512 under the right key': `${encode({ alg: 'HS512', kid, typ })}.${body}.${encode(createHmac('sha512', key).update(`${encode({ alg: 'HS512', kid, typ })}.${body}`).digest())}`,
    'RS256': rsa({}),
    'RS256 with its jwk': rsa({ jwk }),
    'RS256 with a jku': rsa({ jku: `${elsewhere}/keys` }),
    'RS256 with an x5u': rsa({ x5u: `${elsewhere}/chain` }),
    'RS256 with an x5c': rsa({ x5c: [der.toString('base64')] }),
    'kid of a path': [encode({ ...ours, kid: '../../../../dev/null' }), ...junk].join('.'),
    'kid of SQL': [encode({ ...ours, kid: "' UNION SELECT 'x" }), ...junk].join('.'),
    'kid of an object’s member': [encode({ ...ours, kid: '__proto__' }), ...junk].join('.'),
    'kid that is no text': [encode({ ...ours, kid: [kid] }), ...junk].join('.'),
    'zip bomb': jwe({ alg: 'dir', zip: 'DEF' }),
    'zip under the right key': directly(key, { ...ours, zip: 'DEF' }, deflateRawSync(plain)),
    'zip bomb under the right key': directly(key, { ...ours, zip: 'DEF' }, deflateRawSync(Buffer.alloc(8_000_000))),
    'PBES2 with all the rounds there are': jwe({ alg: 'PBES2-HS256+A128KW', p2c: 2_147_483_647, p2s: encode(randomBytes(16)) }),
    'PBES2-HS512': jwe({ alg: 'PBES2-HS512+A256KW', p2c: 1e15, p2s: encode(randomBytes(16)) }),
    'unknown crit under the right key': directly(key, { ...ours, crit: ['exp'], exp: 1 }, plain),
    'crit of b64': `${encode({ alg: 'HS256', kid, typ, b64: false, crit: ['b64'] })}.${body}.${encode('x')}`,
    'empty crit under the right key': directly(key, { ...ours, crit: [] }, plain),
    'jwk under the right key': directly(key, { ...ours, jwk }, plain),
    'jku under the right key': directly(key, { ...ours, jku: `${elsewhere}/keys` }, plain),
    'no typ under the right key': directly(key, { ...ours, typ: undefined }, plain),
    'another typ under the right key': directly(key, { ...ours, typ: `${typ}x` }, plain),
    'no kid under the right key': directly(key, { ...ours, kid: undefined }, plain),
    'RSA-OAEP': jwe({ alg: 'RSA-OAEP-256' }),
    'RSA1_5': jwe({ alg: 'RSA1_5' }),
    'ECDH-ES off its curve': jwe({ alg: 'ECDH-ES+A256KW', epk: { kty: 'EC', crv: 'P-256', x: encode(randomBytes(32)), y: encode(randomBytes(32)) } }),
    'ECDH-ES of low order': jwe({ alg: 'ECDH-ES', epk: { kty: 'OKP', crv: 'X25519', x: encode(new Uint8Array(32)) } }),
    'A256GCMKW': jwe({ alg: 'A256GCMKW', iv: encode(randomBytes(12)), tag: encode(randomBytes(16)) }),
    'A128KW': jwe({ alg: 'A128KW' }),
    'A128GCM': directly(key, { ...ours, enc: 'A128GCM' }, plain),
    'A256CBC-HS512': jwe({ alg: 'dir', enc: 'A256CBC-HS512' }),
    'a tag cut to four bytes': directly(key, ours, plain).replace(/\.[\w-]+$/, '.AAAAAA'),
    'no tag': directly(key, ours, plain).replace(/\.[\w-]+$/, '.'),
    'six parts': `${jwe({ alg: 'dir' })}.x`,
    'a JWS in JSON': JSON.stringify({ payload: body, protected: encode({ alg: 'none' }), signature: '' }),
    'a JWE in JSON': JSON.stringify({ protected: encode(ours), iv: junk[1], ciphertext: junk[2], tag: junk[3] }),
    'a header of a megabyte’s worth of brackets': `${encode('['.repeat(6000))}....`,
    'dots': '....',
    'nothing but a header': `${encode(ours)}....`,
  } // biome-ignore format: a variant a line
}

/** Longer than any door looks at: well-formed, and refused before it is parsed. */
export function oversized({ kid, purpose }: Pick<Forged, 'kid' | 'purpose'>, length: number): string {
  const head = encode({ alg: 'dir', enc: 'A256GCM', kid, typ: purposes[purpose].typ })
  return `${head}..${encode(randomBytes(12))}.${'A'.repeat(length - (length % 4))}.${encode(randomBytes(16))}`
}
