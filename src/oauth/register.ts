/** `POST /register`: dynamic client registration (RFC 7591) that stores nothing, since `client_id` is the registration. */
import { EgressError } from '../errors.ts'
import { isObject, type Json, text } from '../json.ts'
import { collect } from '../ports.ts'
import { digest } from '../sealing/random.ts'
import { visible } from '../tools/invisible.ts'
import { errorAnswer, json } from './answers.ts'
import type { Authority, Endpoint, Exchange } from './authority.ts'
import { createBucket, type Take } from './bucket.ts'
import { clientSecret } from './client-secret.ts'
import { OAuthError } from './errors.ts'
import { type Registration, readRegistration, sealRegistration } from './registration.ts'

/** 201, or OAuthError; 413 beyond `maxRegistrationBytes`, 429 with `Retry-After` beyond `registrationRate` a minute. */
export const register: Endpoint = async (authority, exchange) => {
  const { settings, ports } = authority
  const wait = bucketOf(authority)(ports.now())
  if (wait > 0) return refuse(429, busy(wait), exchange)
  if (!/^application\/json\s*(;|$)/i.test(exchange.request.headers.get('content-type') ?? ''))
    throw new OAuthError('invalid_client_metadata', 'Send the registration as application/json')
  const bytes = await readBytes(exchange.request, settings.maxRegistrationBytes)
  if (bytes === undefined) return refuse(413, tooLarge(settings.maxRegistrationBytes), exchange)
  const metadata = parse(bytes)
  const registration = readRegistration(metadata, settings)
  const id = await sealRegistration(authority, registration)
  exchange.entry.client = await digest(id, 8)
  return json(await answer(authority, id, registration, metadata), 201)
}

const buckets = new WeakMap<Authority, Take>()

function bucketOf(authority: Authority): Take {
  const take = buckets.get(authority) ?? createBucket(authority.settings.registrationRate)
  buckets.set(authority, take)
  return take
}

function busy(wait: number): OAuthError {
  return new OAuthError('temporarily_unavailable', 'Too many registrations; try again later', undefined, wait)
}

function tooLarge(maxBytes: number): OAuthError {
  return new OAuthError('invalid_client_metadata', `The registration exceeds ${maxBytes} bytes`)
}

/** The error's answer with the status that HTTP has for it. */
function refuse(status: number, error: OAuthError, exchange: Exchange): Response {
  const { body, headers } = errorAnswer(error, exchange)
  return new Response(body, { status, headers })
}

async function readBytes({ body }: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  try {
    return await collect(body, maxBytes)
  } catch (error) {
    if (error instanceof EgressError) return undefined
    throw new OAuthError('invalid_client_metadata', 'The body ended early')
  }
}

function parse(bytes: Uint8Array): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json
  } catch {
    throw new OAuthError('invalid_client_metadata', 'The registration is not JSON in UTF-8')
  }
}

/** Echoed where they are text, as clients check (RFC 7591, 3.2.1), though nothing is done with them. */
const ECHOED = [
  'client_uri',
  'logo_uri',
  'scope',
  'software_id',
  'software_version',
  'application_type',
  'jwks_uri',
]

/** Complete and without null: clients take the answer's grant types and methods as what they have, and check its types. */
async function answer(
  { ring, ports }: Authority,
  id: string,
  { redirects, authentication, name }: Registration,
  metadata: Json,
): Promise<object> {
  const given = isObject(metadata) ? metadata : {}
  const echoed = ECHOED.map((key) => [key, visible(text(given[key]) ?? '', 2048)]).filter(
    ([, value]) => value,
  )
  const secret = authentication.startsWith('client_secret_') ? await clientSecret(ring, id) : undefined
  return {
    client_id: id,
    client_id_issued_at: Math.floor(ports.now()),
    ...(secret !== undefined && { client_secret: secret, client_secret_expires_at: 0 }),
    ...(name !== undefined && { client_name: name }),
    redirect_uris: redirects,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: authentication,
    ...Object.fromEntries(echoed),
  }
}
