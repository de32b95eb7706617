/** The upstream's credential inside a token of ours, and how it travels to the upstream. */
import type { Access, CredentialField, Forward, OAuthAccess } from './access.ts'
import type { Caller } from './caller.ts'

/** The upstream's access token, or the fields of a sign-in with credentials. */
export type Credential = { token: string } | { fields: Record<string, string> }

/** Headers and query parameters for the upstream's origin, as the declaration says. */
export function carry(
  { signIn, forward }: OAuthAccess,
  credential: Credential,
): Pick<Caller, 'headers' | 'query' | 'secrets'> {
  if ('token' in credential) {
    return { headers: forwarded(forward, credential.token), secrets: [credential.token] }
  }
  const fields = signIn.type === 'credentials' ? Object.entries(signIn.fields) : []
  const headers: Record<string, string> = {}
  const query: Record<string, string> = {}
  const secrets: string[] = []
  for (const [name, field] of fields) {
    const value = credential.fields[name] ?? ''
    if (field.in === 'query') query[field.name] = value
    else
      Object.assign(
        headers,
        forwarded({ header: field.name, ...(field.scheme !== undefined && { scheme: field.scheme }) }, value),
      )
    if (field.secret !== false) secrets.push(value)
  }
  return { headers, query, secrets }
}

/** The one header that carries a credential upstream; `Authorization: Bearer` unless declared otherwise. */
export function forwarded(
  { header, scheme }: Forward = { header: 'authorization', scheme: 'Bearer' },
  credential: string,
): Record<string, string> {
  return { [header.toLowerCase()]: scheme === undefined ? credential : `${scheme} ${credential}` }
}

/** Each header that a credential of this connector arrives or travels in, and each query parameter: `header x-api-key`. */
export function credentialPlaces(access: Access): ReadonlySet<string> {
  const headers = ['authorization', 'x-api-key', ...headersOf(access).map(([, header]) => header)]
  const queries = fieldsOf(access)
    .filter(([, field]) => field.in === 'query')
    .map(([, { name }]) => `query ${name}`)
  return new Set([...headers.map((name) => `header ${name.toLowerCase()}`), ...queries])
}

/** The declared ones, each with the member of `access` that names it. */
export function headersOf(access: Access): [member: string, header: string][] {
  const named = Object.entries(declaredHeaders(access))
  return named.filter((pair): pair is [string, string] => pair[1] !== undefined)
}

function declaredHeaders(access: Access): Record<string, string | undefined> {
  switch (access.type) {
    case 'none':
      return Object.fromEntries((access.headers ?? []).map((name, at) => [`headers.${at}`, name]))
    case 'apiKey':
      return { header: access.header, 'forward.header': access.forward?.header }
    case 'jwt':
      return {
        'organization.header': access.organization?.header,
        'upstream.header': access.upstream.type === 'service' ? access.upstream.header : undefined,
      }
    case 'oauth':
      return {
        'forward.header': access.forward?.header,
        'organization.header': access.organization?.header,
        'apiKey.header': access.apiKey?.header,
        'apiKey.forward.header': access.apiKey?.forward?.header,
        ...Object.fromEntries(
          fieldsOf(access).map(([name, field]) => [
            `signIn.fields.${name}.name`,
            field.in === 'header' ? field.name : undefined,
          ]),
        ),
      }
  }
}

function fieldsOf(access: Access): [string, CredentialField][] {
  return access.type === 'oauth' && access.signIn.type === 'credentials'
    ? Object.entries(access.signIn.fields)
    : []
}

/** The declared header that a caller may send a key in. */
export function arrivingHeaders(access: Access): string[] {
  const keys = access.type === 'oauth' ? access.apiKey : access.type === 'apiKey' ? access : undefined
  return keys?.header === undefined ? [] : [keys.header]
}
