/** How a client shows at /token and /revoke that a grant is its own (RFC 6749, 2.3; RFC 7523, 2.2). */
import { decodeJwt } from 'jose'
import type { ClientAuth } from '../access/access.ts'
import { digest, isSame } from '../sealing/random.ts'
import { decodedPart } from '../syntax.ts'
import { ASSERTION_TYPE, checkAssertion, LONGEST_ASSERTION } from './assertion.ts'
import type { Asked, Authority } from './authority.ts'
import { clientSecret } from './client-secret.ts'
import { OAuthError } from './errors.ts'

/** The `client_id` that a request names, in its body, as Basic or in an assertion; undefined without one, or with two. */
export function presentedClientId(request: Request, form: URLSearchParams): string | undefined {
  return presented(request, form).id
}

/**
 * Checks that the request comes from the client that was approved, by the method that was sealed at consent. Throws
 * OAuthError: `invalid_grant` for another client, `invalid_client` for a failed proof.
 */
export async function authenticateClient(
  authority: Authority,
  { request, form }: { request: Request; form: URLSearchParams },
  asked: Pick<Asked, 'client' | 'authentication' | 'jwksUri'>,
): Promise<void> {
  const { id, secrets } = presented(request, form)
  if (id === undefined || !isSame(await digest(id, 22), asked.client))
    throw new OAuthError('invalid_grant', 'The grant belongs to another client, or client_id is missing')
  await PROOFS[asked.authentication](authority, { id, secrets, form, jwksUri: asked.jwksUri })
}

interface Proof {
  id: string
  secrets: readonly string[]
  form: URLSearchParams
  jwksUri: string | undefined
}

const PROOFS: Record<ClientAuth, (authority: Authority, proof: Proof) => Promise<void>> = {
  /** A secret that nobody asked for does no harm, unless it is wrong. */
  none: (authority, proof) => checkSecrets(authority, proof),
  // Clients mix the two up, whatever they registered.
  client_secret_basic: requireSecret,
  client_secret_post: requireSecret,
  private_key_jwt: requireAssertion,
}

async function requireSecret(authority: Authority, proof: Proof): Promise<void> {
  if (proof.secrets.length === 0)
    throw new OAuthError('invalid_client', 'The client registered for a secret and sent none')
  await checkSecrets(authority, proof)
}

async function checkSecrets({ ring }: Authority, { id, secrets }: Proof): Promise<void> {
  if (secrets.length === 0) return
  const right = await clientSecret(ring, id)
  if (right === undefined || !secrets.every((secret) => isSame(secret, right)))
    throw new OAuthError('invalid_client', 'The client secret is wrong')
}

async function requireAssertion(authority: Authority, { id, form, jwksUri }: Proof): Promise<void> {
  const assertion = form.get('client_assertion')
  if (!assertion || form.get('client_assertion_type') !== ASSERTION_TYPE || jwksUri === undefined)
    throw new OAuthError('invalid_client', `The client proves itself by client_assertion (${ASSERTION_TYPE})`)
  await checkAssertion(authority, assertion, id, jwksUri)
}

/** Who a request says it is from, unverified, and every secret in it. Empty values count as absent (RFC 6749, 3.1). */
function presented(request: Request, form: URLSearchParams): { id: string | undefined; secrets: string[] } {
  const basic = basicOf(request)
  const ids = [...form.getAll('client_id'), basic.id, subjectOf(form.get('client_assertion'))]
  const [id, ...others] = new Set(ids.filter((each) => each))
  return {
    id: others.length === 0 ? id : undefined,
    secrets: [...form.getAll('client_secret'), basic.secret].filter((secret) => secret !== ''),
  }
}

/** User and password are form-encoded before Base64 (2.3.1); whoever leaves that out has a colon in its URL, not in its secret. */
function basicOf(request: Request): { id: string; secret: string } {
  const encoded = /^Basic +([\w+/-]+=*)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const pair = encoded === undefined ? '' : fromBase64(encoded)
  const colon = pair.lastIndexOf(':')
  return colon < 0
    ? { id: '', secret: '' }
    : { id: decoded(pair.slice(0, colon)), secret: decoded(pair.slice(colon + 1)) }
}

function fromBase64(text: string): string {
  try {
    return atob(text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, ''))
  } catch {
    return ''
  }
}

function decoded(text: string): string {
  return decodedPart(text.replaceAll('+', ' ')) ?? text
}

function subjectOf(assertion: string | null): string | undefined {
  if (!assertion || assertion.length > LONGEST_ASSERTION) return undefined
  try {
    const { sub } = decodeJwt(assertion)
    return typeof sub === 'string' ? sub : undefined
  } catch {
    return undefined
  }
}
