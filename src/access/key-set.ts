/** The keys of somebody else's authorization server: found, fetched, kept, and fetched again when it rotates them (RFC 7517). */
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { allowInsecureRequests, customFetch } from 'oauth4webapi'
import { isObject } from '../json.ts'
import { collect, type OAuthPorts, type Ports } from '../ports.ts'
import { isLoopbackUrl, type Settings } from '../settings.ts'
import { discover, isEndpointOf } from './issuer.ts'

export interface KeySet {
  /** Names by which the issuer's tokens may call it: as declared, and as its metadata spells it. */
  issuers: readonly string[]
  find: JWTVerifyGetKey
}

export interface KeySource {
  /** The keys that are known. `renew` asks for newer ones, after a token named a key that is not among them. */
  keys(renew?: boolean): Promise<KeySet>
}

export interface KeySourceOptions {
  issuer: string
  /** Where the keys are, for an issuer without discovery. */
  jwksUri?: string | undefined
  settings: Settings
  ports: Ports & OAuthPorts
}

/** Seconds after which keys are fetched again, so that one that was withdrawn does not hold for long. */
const FRESH = 600
/** Seconds for which they hold while the issuer cannot be reached; its tokens do not live much longer either. */
const STALE = 4200
/** Seconds between two fetches, however many unknown keys are named. */
const COOLDOWN = 30
/** The same where nothing is known yet, and nobody can come in. */
const FIRST_COOLDOWN = 5
const MOST_BYTES = 64 * 1024

/** `keys` rejects where there are none. Who starts a fetch waits for it; the others go on with the keys that are known. */
export function createKeySource(options: KeySourceOptions): KeySource {
  const { settings, ports } = options
  const { now } = ports
  let known: { keys: KeySet; at: number } | undefined
  let tried = Number.NEGATIVE_INFINITY
  let latest = Promise.resolve()

  async function load(): Promise<void> {
    tried = now()
    try {
      known = { keys: await fetchKeys(options), at: now() }
    } catch {
      // What is known holds on; whoever finds nothing known says so.
    }
  }

  function isDue(renew: boolean): boolean {
    if (known === undefined) return now() >= tried + FIRST_COOLDOWN
    return (renew || now() >= known.at + FRESH) && now() >= tried + COOLDOWN
  }

  /** Waits for another request's fetch, which on Workers may end with that request and never settle. */
  function wait(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = ports.after(settings.idpTimeout, resolve)
      latest.then(cancel).then(resolve)
    })
  }

  return {
    async keys(renew = false) {
      if (isDue(renew)) {
        latest = load()
        await latest
      } else if (known === undefined || renew) await wait()
      if (known === undefined || now() >= known.at + STALE) throw new Error('the issuer’s keys are not known')
      return known.keys
    },
  }
}

/** Under one deadline. Throws whatever went wrong. */
async function fetchKeys({ issuer, jwksUri, settings, ports }: KeySourceOptions): Promise<KeySet> {
  const stop = new AbortController()
  const cancel = ports.after(settings.idpTimeout, () => stop.abort())
  const ask: Ask = (url, init) => bounded(ports.fetch(url, { ...init, signal: stop.signal }))
  try {
    const found =
      jwksUri === undefined
        ? await discover(new URL(issuer), {
            [customFetch]: ask,
            [allowInsecureRequests]: isLoopbackUrl(new URL(issuer)),
          })
        : { issuer, jwks_uri: jwksUri }
    const uri = found.jwks_uri
    if (!isEndpointOf(issuer, uri)) throw new Error('jwks_uri is not usable')
    const answer = await ask(uri, { method: 'GET', headers: KEY_TYPES })
    if (answer.status !== 200) throw new Error(`jwks_uri answered ${answer.status}`)
    return { issuers: [issuer, found.issuer], find: createLocalJWKSet(publicKeys(await answer.json())) }
  } finally {
    cancel()
  }
}

const KEY_TYPES = { accept: 'application/jwk-set+json, application/json' }

type Ask = OAuthPorts['fetch']

async function bounded(asking: Promise<Response>): Promise<Response> {
  const { status, headers, body } = await asking
  const bytes = await collect(body, MOST_BYTES)
  return new Response(status === 200 ? (bytes as Uint8Array<ArrayBuffer>) : null, {
    status: status === 200 ? 200 : 502,
    headers: { 'content-type': headers.get('content-type') ?? '' },
  })
}

/** A shared secret has no place in a public document, and must never verify anything (alg confusion). */
function publicKeys(set: unknown): JSONWebKeySet {
  const keys = isObject(set) && Array.isArray(set.keys) ? set.keys.filter(isObject) : []
  return {
    keys: keys.filter(({ kty }) => kty === 'RSA' || kty === 'EC' || kty === 'OKP'),
  } as unknown as JSONWebKeySet
}
