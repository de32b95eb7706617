/** After consent: the person goes to the identity provider, or the credentials that came with the form are proven. */
import type { CredentialSignIn } from '../access/access.ts'
import { randomToken } from '../sealing/random.ts'
import { redirectAnswer, redirectTo } from './answers.ts'
import type { Authority, Transaction } from './authority.ts'
import { createBucket, type Take } from './bucket.ts'
import { requireOrganization } from './grant.ts'
import { authorizationUrl } from './idp-calls.ts'
import { beginSession, type Code, type Granted, sealAs } from './session.ts'

/** What was wrong with the credentials, for the person to mend; `values` are those that may be shown again. */
export interface Mistake {
  fault: string
  values: Record<string, string>
}

/** Seconds that a code lives, as RFC 6749 (4.1.2) would have it: short. */
const CODE_TTL = 60

/** `form` holds the fields of a sign-in with credentials. */
export async function signIn(
  authority: Authority,
  transaction: Transaction,
  form: URLSearchParams,
): Promise<Response | Mistake> {
  const { access, provider } = authority
  if (provider === undefined && access.signIn.type === 'credentials') {
    return proveCredentials(authority, transaction, access.signIn, form)
  }
  const { asked, browser } = transaction
  const verifier = randomToken()
  const state = await sealAs(authority, 'state', { asked, browser, verifier }, authority.settings.signInTtl)
  return redirectTo(await authorizationUrl(provider!, state, verifier, asked.scopes))
}

/** Host at which the person signs in, to be told before; undefined where that is our own page. */
export async function signInHost({ provider }: Authority): Promise<string | undefined> {
  if (provider === undefined) return undefined
  return new URL((await provider.server()).authorization_endpoint!).host
}

/** Longest value of one field, in characters: it is sealed into every token. */
const LONGEST_FIELD = 1024

async function proveCredentials(
  authority: Authority,
  { asked }: Transaction,
  declared: CredentialSignIn,
  form: URLSearchParams,
): Promise<Response | Mistake> {
  const fields = Object.fromEntries(
    Object.keys(declared.fields).map((name) => [name, (form.get(`field_${name}`) ?? '').trim()]),
  )
  const open = Object.entries(declared.fields).filter(([, field]) => field.secret === false)
  const values = Object.fromEntries(open.map(([name]) => [name, fields[name] ?? '']))
  const bad = Object.entries(declared.fields).find(([name]) => !isCredential(fields[name] ?? ''))
  if (bad) return { fault: `${bad[1].title} is missing, or is not one word of plain characters.`, values }
  if (triesOf(authority)(authority.ports.now()) > 0)
    return { fault: 'Too many people try at this moment. Try again in a minute.', values }
  const proof = await authority.prove({ fields })
  if (proof === 'no')
    return { fault: `${authority.title} does not accept this. Check what you entered.`, values }
  if (proof === 'unclear')
    return { fault: `${authority.title} could not be asked just now. Try again in a minute.`, values }
  const { organization } = authority.access
  const id = organization && requireOrganization(fields, organization, authority.title)
  const granted: Granted = { credential: { fields }, ...(id !== undefined && { organization: id }) }
  return answerWithCode(authority, asked, { granted, id: randomToken(16) })
}

/** Whoever guesses keys here does it in our name: the upstream would lock us out, and with us everybody. */
function triesOf(authority: Authority): Take {
  const take = tries.get(authority) ?? createBucket(authority.settings.proofRate)
  tries.set(authority, take)
  return take
}

const tries = new WeakMap<Authority, Take>()

function isCredential(value: string): boolean {
  return value.length <= LONGEST_FIELD && /^[\x21-\x7e]+$/.test(value)
}

/** Back to the client with a code (RFC 6749, 4.1.2). */
export async function answerWithCode(
  authority: Authority,
  asked: Transaction['asked'],
  content: Pick<Code, 'provider' | 'granted' | 'id'>,
): Promise<Response> {
  const { redirect, challenge } = asked
  const session = beginSession(asked, authority.ports.now())
  const signIn = authority.access.signIn
  const lifetime = signIn.type === 'oauth' ? (signIn.quirks?.codeLifetime ?? CODE_TTL) : CODE_TTL
  const code = { session, redirect, challenge, ...content }
  return redirectAnswer(authority, asked, {
    code: await sealAs(authority, 'code', code, Math.min(CODE_TTL, lifetime)),
  })
}
