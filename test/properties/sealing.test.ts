/** What is sealed for one door opens there and nowhere else; whatever is changed, forged or over opens nowhere, and all alike. */
import { base64url, CompactEncrypt, CompactSign, exportJWK, FlattenedEncrypt, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { type Purpose, purposes } from '../../src/sealing/purposes.ts'
import { createKeyRing, type KeyRing } from '../../src/sealing/ring.ts'
import { open, seal } from '../../src/sealing/seal.ts'

const NOW = 1_800_000_000
const ISSUER = 'https://mcp.example.com'
const PURPOSES = Object.keys(purposes) as Purpose[]
const SEED = 20261120

const secret = (byte: number) => Uint8Array.from({ length: 32 }, (_, at) => byte + at)
const ringOf = (secrets: Uint8Array[], issuer = ISSUER) =>
  createKeyRing(issuer, { session: secrets, registration: secrets })
const ring = ringOf([secret(1)])

/** Seals the same claims for every purpose. */
function sealAll(under: KeyRing, ttl = 60): Promise<[Purpose, string][]> {
  return Promise.all(
    PURPOSES.map(
      async (purpose) => [purpose, await seal(under, purpose, CLAIMS, NOW, ttl)] as [Purpose, string],
    ),
  )
}

const CLAIMS = { jti: 'abcdefghijklmnopqrstuv', redirect: 'http://localhost:3118/callback', scopes: ['read'] }

describe('a door', () => {
  it('opens to what was sealed for it, and to nothing else', async () => {
    const opened = new Map<string, unknown>()
    for (const [purpose, sealed] of await sealAll(ring))
      for (const door of PURPOSES) opened.set(`${purpose} at ${door}`, await open(ring, door, sealed, NOW))
    expect([...opened].filter(([, claims]) => claims !== undefined).map(([name]) => name)).toEqual(
      PURPOSES.map((purpose) => `${purpose} at ${purpose}`),
    )
    expect(opened.get('code at code')).toEqual({ ...CLAIMS, iat: NOW, exp: NOW + 60 })
  })

  it('stays shut where only the key is right', async () => {
    for (const purpose of PURPOSES.filter((each) => purposes[each].form !== 'signed')) {
      const { kid, key } = await ring.newest(purpose)
      const alg = purposes[purpose].form === 'direct' ? 'dir' : 'A256KW'
      const make = (header: object) =>
        new CompactEncrypt(new TextEncoder().encode(JSON.stringify(CLAIMS)))
          .setProtectedHeader({ alg, enc: 'A256GCM', kid, typ: purposes[purpose].typ, ...header })
          .encrypt(key)
      expect(await open(ring, purpose, await make({}), NOW)).toEqual(CLAIMS)
      for (const header of [
        { typ: 'other' },
        { typ: undefined },
        { kid: undefined },
        { cty: 'JWT' },
        { kid: 'other' },
      ])
        expect(await open(ring, purpose, await make(header), NOW), JSON.stringify(header)).toBeUndefined()
    }
  })

  it('stays shut to what is not claims', async () => {
    const { kid, key } = await ring.newest('access')
    for (const plain of ['[]', '"text"', 'null', '1']) {
      const jwe = new CompactEncrypt(new TextEncoder().encode(plain))
      const sealed = await jwe
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, typ: 'access' })
        .encrypt(key)
      expect(await open(ring, 'access', sealed, NOW)).toBeUndefined()
    }
  })
})

describe('a ring', () => {
  const old = secret(1)
  const rings: [string, KeyRing, boolean][] = [
    ['itself', ring, true],
    ['another made of the same', ringOf([old]), true],
    ['the next generation', ringOf([secret(2), old]), true],
    ['four generations on', ringOf([secret(5), secret(4), secret(3), secret(2), old]), true],
    ['one from which it was removed', ringOf([secret(3), secret(2)]), false],
    ['another secret', ringOf([secret(2)]), false],
    ['another issuer with the same secret', ringOf([old], 'https://mcp.example.org'), false],
    ['the issuer with a slash', ringOf([old], `${ISSUER}/`), false],
    ['the issuer with a purpose in it', ringOf([old], `${ISSUER}|code`), false],
    ['the secret in the other lineage alone', createKeyRing(ISSUER, { session: [secret(2)], registration: [secret(2)] }), false],
  ] // biome-ignore format: one ring a line
  it.each(rings)('opens what %s sealed', async (_, other, opens) => {
    for (const [purpose, sealed] of await sealAll(ring))
      expect((await open(other, purpose, sealed, NOW)) !== undefined, purpose).toBe(opens)
  })

  it('rotates one lineage without the other', async () => {
    const rotated = createKeyRing(ISSUER, { session: [secret(2)], registration: [old] })
    for (const [purpose, sealed] of await sealAll(ring))
      expect((await open(rotated, purpose, sealed, NOW)) !== undefined).toBe(
        purposes[purpose].lineage === 'registration',
      )
  })

  it('names a generation alike everywhere, and each otherwise', async () => {
    const kids = async (under: KeyRing) =>
      Promise.all(PURPOSES.map(async (each) => (await under.newest(each)).kid))
    expect(await kids(ringOf([old]))).toEqual(await kids(ringOf([old, secret(2)], 'https://mcp.example.org')))
    const generations = await Promise.all(Array.from({ length: 200 }, (_, at) => kids(ringOf([secret(at)]))))
    expect(new Set(generations.flat())).toHaveLength(200)
    for (const kid of generations.flat()) expect(kid).toMatch(/^[\w-]{6}$/)
  })

  it('needs a secret', () => expect(() => ringOf([])).toThrow(TypeError))
})

describe('the time', () => {
  const rows: [string, number, number, boolean][] = [
    ['at once', 60, 0, true],
    ['in the last second', 60, 59, true],
    ['a moment before', 60, 59.999, true],
    ['to the second', 60, 60, false],
    ['long after', 60, 1e9, false],
    ['never', 0, 1e9, true],
    ['of a broken number', 60.9, 60, false],
  ] // biome-ignore format: one row a line
  it.each(rows)('is up %s', async (_, ttl, later, opens) => {
    for (const [purpose, sealed] of await sealAll(ring, ttl))
      expect((await open(ring, purpose, sealed, NOW + later)) !== undefined).toBe(opens)
  })
})

describe('mutations', () => {
  const COUNT = 100_000

  it(`${COUNT} of them open nowhere`, { timeout: 60_000 }, async () => {
    const random = createRandom(SEED)
    const tokens = [...(await sealAll(ring)), ...(await sealAll(ringOf([secret(2)])))]
    const originals = new Set(tokens.map(([, sealed]) => sealed))
    const opened: string[] = []
    for (let done = 0; done < COUNT; done += 200) {
      const batch = Array.from({ length: 200 }, () => mutate(tokens, random))
      await Promise.all(
        batch.map(async ([purpose, name, mutated]) => {
          if (originals.has(mutated)) return
          if ((await open(ring, purpose, mutated, NOW)) !== undefined)
            opened.push(`${name} ${purpose} ${mutated}`)
        }),
      )
    }
    expect(opened).toEqual([])
  })

  it('of the last character, which Base64 might not see, open nothing', async () => {
    for (const [purpose, sealed] of await sealAll(ring)) {
      const parts = sealed.split('.')
      for (const [at, part] of parts.entries()) {
        for (const char of part === '' ? [] : ALPHABET) {
          const changed = parts.with(at, part.slice(0, -1) + char).join('.')
          if (changed !== sealed) expect(await open(ring, purpose, changed, NOW), changed).toBeUndefined()
        }
      }
    }
  })
})

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
type Random = (below: number) => number

/** Mulberry32: the same run for the same seed. */
function createRandom(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const STRANGE = [
  '=',
  '==',
  '.',
  '..',
  ' ',
  '\n',
  '\0',
  '+',
  '/',
  '\u00e9',
  '\u{1f600}',
  '\ud800',
  '%2E',
  '"',
  '',
]

/** Members that an attacker adds to a header, or puts in the place of ours. */
const HEADERS: object[] = [
  { alg: 'none' }, { alg: 'None' }, { alg: 'HS256' }, { alg: 'HS512' }, { alg: 'RS256' }, { alg: 'dir' }, { alg: 'A256KW' },
  { alg: 'A256GCMKW' }, { alg: 'PBES2-HS256+A128KW', p2c: 2 ** 31, p2s: 'AAAA' }, { alg: 'ECDH-ES' }, { alg: ['dir'] }, { alg: null },
  { enc: 'A128GCM' }, { enc: 'A128CBC-HS256' }, { enc: null }, { zip: 'DEF' }, { crit: ['exp'] }, { crit: [] }, { crit: ['b64'], b64: false },
  { b64: false }, { jwk: { kty: 'oct', k: 'AAAA' } }, { jku: 'https://evil.example/keys' }, { x5u: 'https://evil.example/' }, { x5c: [] },
  { kid: '' }, { kid: '../../dev/null' }, { kid: 'constructor' }, { kid: '__proto__' }, { kid: 1 }, { kid: null }, { kid: {} },
  { typ: 'JWT' }, { typ: 'access' }, { typ: 'code' }, { typ: null }, { epk: {} }, { p2c: 1 }, { apu: 'AAAA' }, JSON.parse('{"__proto__":{}}'),
] // biome-ignore format: one list, read as one

type Mutation = (sealed: string, random: Random, others: [Purpose, string][]) => string

const MUTATIONS: Record<string, Mutation> = {
  bit(sealed, random) {
    const parts = sealed.split('.')
    const at = random(parts.length)
    const bytes = base64url.decode(parts[at]!)
    if (bytes.length > 0) bytes[random(bytes.length)]! ^= 1 << random(8)
    return parts.with(at, base64url.encode(bytes)).join('.')
  },
  character(sealed, random) {
    const at = random(sealed.length)
    return sealed.slice(0, at) + ALPHABET[random(64)] + sealed.slice(at + 1)
  },
  unit(sealed, random) {
    const at = random(sealed.length)
    return sealed.slice(0, at) + String.fromCharCode(sealed.charCodeAt(at) ^ (1 << random(16))) + sealed.slice(at + 1)
  },
  end: (sealed, random) => sealed.slice(0, random(sealed.length)),
  start: (sealed, random) => sealed.slice(1 + random(sealed.length)),
  hole(sealed, random) {
    const at = random(sealed.length)
    return sealed.slice(0, at) + sealed.slice(at + 1 + random(8))
  },
  insertion(sealed, random) {
    const at = random(sealed.length + 1)
    return sealed.slice(0, at) + STRANGE[random(STRANGE.length)] + sealed.slice(at)
  },
  addition: (sealed, random) => sealed + 'A'.repeat(1 + random(6)),
  part(sealed, random) {
    const parts = sealed.split('.')
    return parts.toSpliced(random(parts.length), 1).join('.')
  },
  doubled(sealed, random) {
    const parts = sealed.split('.')
    const at = random(parts.length)
    return parts.toSpliced(at, 0, parts[at]!).join('.')
  },
  swap(sealed, random, others) {
    const parts = sealed.split('.')
    const other = others[random(others.length)]![1].split('.')
    return parts.with(random(parts.length), other[random(other.length)]!).join('.')
  },
  order(sealed, random) {
    const parts = sealed.split('.')
    const [one, other] = [random(parts.length), random(parts.length)]
    return parts.with(one, parts[other]!).with(other, parts[one]!).join('.')
  },
  header(sealed, random) {
    const [head = '', ...rest] = sealed.split('.')
    const header = { ...JSON.parse(new TextDecoder().decode(base64url.decode(head))), ...HEADERS[random(HEADERS.length)] }
    return [base64url.encode(JSON.stringify(header)), ...rest].join('.')
  },
  spelling(sealed, random) {
    const [head = '', ...rest] = sealed.split('.')
    const text = new TextDecoder().decode(base64url.decode(head))
    const spelled = [` ${text}`, text.replace(',', ', '), text.replace('{', '{"alg":"none",'), `\ufeff${text}`, text.replace('kid', 'k\\u0069d')]
    return [base64url.encode(spelled[random(spelled.length)]!), ...rest].join('.')
  },
  oversize(sealed, random) {
    const parts = sealed.split('.')
    const at = random(parts.length)
    return parts.with(at, parts[at]! + 'A'.repeat(1000 * (1 + random(40)))).join('.')
  },
} // biome-ignore format: one mutation after the other

const NAMES = Object.keys(MUTATIONS)

function mutate(tokens: [Purpose, string][], random: Random): [Purpose, string, string] {
  const [purpose, sealed] = tokens[random(tokens.length)]!
  const name = NAMES[random(NAMES.length)]!
  return [purpose, name, MUTATIONS[name]!(sealed, random, tokens)]
}

describe('a forgery', () => {
  const plain = new TextEncoder().encode(JSON.stringify({ ...CLAIMS, iat: NOW, exp: NOW + 60 }))
  const encoded = (header: object) => base64url.encode(JSON.stringify(header))

  /** Values that somebody made who knows everything but our secret: the header members that name ours, and their own keys. */
  const forgeries: Record<string, (kid: string, typ: string) => Promise<string>> = {
    'alg none': async (kid, typ) => `${encoded({ alg: 'none', kid, typ })}.${base64url.encode(plain)}.`,
    'alg none in five parts': async (kid, typ) => `${encoded({ alg: 'none', kid, typ })}..AAAA.${base64url.encode(plain)}.AAAA`,
    'HS256 under a public text': (kid, typ) =>
      new CompactSign(plain).setProtectedHeader({ alg: 'HS256', kid, typ }).sign(new TextEncoder().encode(ISSUER.padEnd(32))),
    'dir under a key of zeros': (kid, typ) =>
      new CompactEncrypt(plain).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, typ }).encrypt(new Uint8Array(32)),
    'A256KW under a key of zeros': (kid, typ) =>
      new CompactEncrypt(plain).setProtectedHeader({ alg: 'A256KW', enc: 'A256GCM', kid, typ }).encrypt(new Uint8Array(32)),
    'PBES2 that would take minutes': async (kid, typ) => {
      const { ciphertext, iv, tag, encrypted_key, protected: head } = await new FlattenedEncrypt(plain)
        .setProtectedHeader({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', kid, typ })
        .setKeyManagementParameters({ p2c: 1000 })
        .encrypt(new Uint8Array(32))
      const header = JSON.parse(new TextDecoder().decode(base64url.decode(head!)))
      return [encoded({ ...header, p2c: 2 ** 31 - 1 }), encrypted_key, iv, ciphertext, tag].join('.')
    },
    'a key of its own, embedded': async (kid, typ) => {
      const { publicKey, privateKey } = await generateKeyPair('ES256')
      const jwk = await exportJWK(publicKey)
      return new CompactSign(plain).setProtectedHeader({ alg: 'ES256', kid, typ, jwk, jku: 'https://evil.example/' }).sign(privateKey)
    },
    'ECDH-ES to a key of its own': async (kid, typ) => {
      const { publicKey } = await generateKeyPair('ECDH-ES')
      return new CompactEncrypt(plain).setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid, typ }).encrypt(publicKey)
    },
    'a compressed bomb': async (kid, typ) =>
      `${encoded({ alg: 'dir', enc: 'A256GCM', zip: 'DEF', kid, typ })}..${'A'.repeat(16)}.${'A'.repeat(12_000)}.${'A'.repeat(22)}`,
    'a header of 30,000 members': async (kid, typ) =>
      `${encoded({ alg: 'dir', enc: 'A256GCM', kid, typ, ...Object.fromEntries(Array.from({ length: 30_000 }, (_, at) => [`m${at}`, at])) })}..A.A.A`,
    'a megabyte': async () => 'A'.repeat(1_000_000),
    'a megabyte of dots': async () => '.'.repeat(1_000_000),
    'nothing': async () => '',
    'three dots': async () => '...',
  } // biome-ignore format: one forgery after the other
  it.each(Object.keys(forgeries))('by %s opens no door, in no time', async (name) => {
    for (const purpose of PURPOSES) {
      const { kid } = await ring.newest(purpose)
      const forged = await forgeries[name]!(kid, purposes[purpose].typ)
      const started = performance.now()
      expect(await open(ring, purpose, forged, NOW)).toBeUndefined()
      expect(performance.now() - started).toBeLessThan(100)
    }
  })
})

describe('every failure', () => {
  it('takes a like time', { retry: 2, timeout: 30_000 }, async () => {
    for (const purpose of ['client', 'access', 'state'] as const) {
      const sealed = await seal(ring, purpose, CLAIMS, NOW, 60)
      const door = purposes[purpose === 'state' ? 'consent' : 'state']
      const failures: Record<string, string> = {
        'bad tag': MUTATIONS.bit!(sealed.slice(0, sealed.lastIndexOf('.') + 1), () => 0, []) + 'A'.repeat(purpose === 'client' ? 43 : 22),
        'unknown generation': await seal(ringOf([secret(2)]), purpose, CLAIMS, NOW, 60),
        'another door': await seal(ring, door.typ as Purpose, CLAIMS, NOW, 60),
        expired: await seal(ring, purpose, CLAIMS, NOW - 600, 60),
        malformed: 'not a sealed value',
        empty: '',
        oversized: 'A'.repeat(100_000),
      } // biome-ignore format: one failure a line
      const times: Record<string, number[]> = {}
      for (let round = 0; round < 250; round++) {
        for (const [name, value] of Object.entries(failures)) {
          const started = performance.now()
          expect(await open(ring, purpose, value, NOW)).toBeUndefined()
          times[name] = [...(times[name] ?? []), performance.now() - started]
        }
      }
      const medians = Object.values(times).map((all) => all.sort((a, b) => a - b)[all.length / 2]!)
      expect(Math.max(...medians) / Math.min(...medians), `${purpose} ${medians}`).toBeLessThan(3)
    }
  })
})

describe('sizes', () => {
  /** Characters with no claims but the times, and with 1000 characters of claims more. */
  const SIZES: Record<Purpose, [bare: number, laden: number]> = {
    client: [152, 1495],
    secret: [152, 1495],
    consent: [227, 1570],
    state: [225, 1568],
    code: [165, 1508],
    access: [168, 1511],
    refresh: [169, 1512],
    memory: [168, 1511],
    answer: [168, 1511],
  }
  it.each(PURPOSES)('of %s', async (purpose) => {
    const sealed = [{}, { a: 'x'.repeat(1000) }].map((claims) => seal(ring, purpose, claims, NOW, 60))
    expect((await Promise.all(sealed)).map(({ length }) => length)).toEqual(SIZES[purpose])
  })

  it.each(PURPOSES)('of what %s still opens are bounded', async (purpose) => {
    const { longest } = purposes[purpose]
    const fits = await seal(ring, purpose, { a: 'x'.repeat(Math.floor((longest - 260) * 0.75)) }, NOW, 60)
    expect(fits.length).toBeLessThanOrEqual(longest)
    expect(await open(ring, purpose, fits, NOW)).toBeDefined()
    const beyond = await seal(ring, purpose, { a: 'x'.repeat(longest) }, NOW, 60)
    expect(await open(ring, purpose, beyond, NOW)).toBeUndefined()
  })
})
