/** What endpoints read: parameters of a query or a form body, each at most once (RFC 6749, 3.1 and 3.2). */
import { EgressError } from '../errors.ts'
import { collect } from '../ports.ts'
import { OAuthError } from './errors.ts'

/** The parameters of an `application/x-www-form-urlencoded` body. Throws OAuthError `invalid_request`. */
export async function readForm(request: Request, maxBytes: number): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    throw new OAuthError('invalid_request', 'Send the parameters as application/x-www-form-urlencoded')
  }
  const form = new URLSearchParams(new TextDecoder().decode(await readBytes(request, maxBytes)))
  refuseRepeated(form)
  return form
}

async function readBytes({ body }: Request, maxBytes: number): Promise<Uint8Array> {
  try {
    return await collect(body, maxBytes)
  } catch (error) {
    const words = error instanceof EgressError ? `The body exceeds ${maxBytes} bytes` : 'The body ended early'
    throw new OAuthError('invalid_request', words)
  }
}

/** Only `resource` may be said more than once (RFC 8707, 2). */
export function refuseRepeated(parameters: URLSearchParams): void {
  const names = [...parameters.keys()].filter((name) => name !== 'resource')
  // A set: a body has room for thousands of names, and to look for each among all would hold up everybody.
  if (new Set(names).size < names.length)
    throw new OAuthError('invalid_request', 'A parameter is given more than once')
}

/** A parameter's value; RFC 6749 (3.1) takes an empty one for an absent one. */
export function parameter(parameters: URLSearchParams, name: string): string | undefined {
  return parameters.get(name) || undefined
}

/** The value of a parameter that must be there. Throws OAuthError `invalid_request`. */
export function required(parameters: URLSearchParams, name: string): string {
  const value = parameter(parameters, name)
  if (value === undefined) throw new OAuthError('invalid_request', `${name} is missing`)
  return value
}
