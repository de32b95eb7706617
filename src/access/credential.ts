/** The upstream's credential inside a token of ours, and how it travels to the upstream. */
import type { Access, OAuthAccess } from './access.ts'
import type { Caller } from './caller.ts'

/** The upstream's access token, or the fields of a sign-in with credentials. */
export type Credential = { token: string } | { fields: Record<string, string> }

/** Headers and query parameters for the upstream's origin, as the declaration says. */
export function carry(
  { signIn, forward }: OAuthAccess,
  credential: Credential,
): Pick<Caller, 'headers' | 'query' | 'secret'> {
  if ('token' in credential) {
    const { header, scheme } = forward ?? { header: 'authorization', scheme: 'Bearer' }
    return {
      headers: { [header.toLowerCase()]: prefixed(credential.token, scheme) },
      secret: credential.token,
    }
  }
  const fields = signIn.type === 'credentials' ? Object.entries(signIn.fields) : []
  const headers: Record<string, string> = {}
  const query: Record<string, string> = {}
  let secret = ''
  for (const [name, field] of fields) {
    const value = credential.fields[name] ?? ''
    if (field.in === 'query') query[field.name] = value
    else headers[field.name.toLowerCase()] = prefixed(value, field.scheme)
    if (field.secret !== false && value.length > secret.length) secret = value
  }
  return { headers, query, ...(secret && { secret }) }
}

function prefixed(value: string, scheme: string | undefined): string {
  return scheme === undefined ? value : `${scheme} ${value}`
}

/** Each header that a credential of this connector arrives or travels in, and each query parameter: `header x-api-key`. */
export function credentialPlaces(access: Access): ReadonlySet<string> {
  const headers = ['authorization', 'x-api-key', ...headersOf(access)]
  const fields =
    access.type === 'oauth' && access.signIn.type === 'credentials' ? Object.values(access.signIn.fields) : []
  const queries = fields.filter((field) => field.in === 'query').map(({ name }) => `query ${name}`)
  return new Set([...headers.map((name) => `header ${name.toLowerCase()}`), ...queries])
}

/** The declared ones. */
export function headersOf(access: Access): string[] {
  const names: (string | undefined)[] = []
  if (access.type === 'apiKey') names.push(access.header, access.forward?.header)
  if (access.type === 'oauth') {
    const { apiKey, forward, organization, signIn } = access
    names.push(forward?.header, organization?.header, apiKey?.header, apiKey?.forward?.header)
    if (signIn.type === 'credentials')
      names.push(
        ...Object.values(signIn.fields).map((field) => (field.in === 'header' ? field.name : undefined)),
      )
  }
  if (access.type === 'jwt')
    names.push(
      access.organization?.header,
      access.upstream.type === 'service' ? access.upstream.header : undefined,
    )
  return names.filter((name) => name !== undefined)
}

/** The declared header that a caller may send a key in. */
export function arrivingHeaders(access: Access): string[] {
  const keys = access.type === 'oauth' ? access.apiKey : access.type === 'apiKey' ? access : undefined
  return keys?.header === undefined ? [] : [keys.header]
}
