/** What opens the books of the demonstration: fixed keys, and access tokens of whoever may issue them. */
import { bearerOf } from './answers.ts'

/** Each key opens the books of one organization. They guard nothing real. */
export const demoKeys = [
  { key: 'flowtly_demo_aurora', organization: 'Aurora Studio' },
  { key: 'flowtly_demo_borealis', organization: 'Borealis Trading' },
] as const

/** What Lectern is called at the sandbox's identity provider. */
export const demoClientId = 'lectern'

/** Its secret where two processes must agree on one, as `lectern sandbox` and `wrangler dev` do; it guards nothing real. */
export const demoClientSecret = 'flowtly_demo_client_secret'

/** Knows the access tokens of a provider. */
export interface TokenReader {
  /** Name of the organization that a token reads; undefined where it is unknown, expired or revoked. */
  organizationOf(accessToken: string): Promise<string | undefined>
}

/** The organization that an Authorization header value speaks for (RFC 6750), or undefined when it speaks for none. */
export async function organizationOf(
  authorization: string | undefined,
  tokens: TokenReader | undefined,
): Promise<string | undefined> {
  const token = bearerOf(authorization)
  if (token === undefined) return undefined
  return demoKeys.find(({ key }) => key === token)?.organization ?? tokens?.organizationOf(token)
}
