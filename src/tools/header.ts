/** Headers and cookies as parameters (OpenAPI 3.2.0, 4.12.2): passed on unescaped, so what they cannot hold is refused. */

import type { Json } from '../json.ts'
import { TOKEN } from '../syntax.ts'
import { Inexpressible, isNested, LAYOUTS, percentEncode, write } from './serialize.ts'
import type { Parameter } from './tool.ts'

/** A header's value, or undefined where there is none to send. */
export function headerValue(parameter: Parameter, value: Json): string | undefined {
  checkName(parameter.name, 'header')
  const parts = write(parameter, value, fieldText).map(([, text]) => text)
  if (parts.length === 0) return undefined
  const { joint } = LAYOUTS[parameter.style]
  const line = parts.join(joint)
  // Readers of lists skip what is empty in them (RFC 9110, 5.6.1.2).
  if (isNested(value) && line.split(joint).includes(''))
    throw new Inexpressible('must not hold an empty text in a header; leave it out')
  return line
}

/** RFC 9110, 5.5: what surrounds a value is not part of it, and beyond ASCII its meaning is nobody's. */
function fieldText(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text))
    throw new Inexpressible('must be printable ASCII: it is sent as a header; leave the other characters out')
  if (text.trim() !== text)
    throw new Inexpressible('must not begin or end with a space: a header would lose it; leave the space out')
  return text
}

/** Pairs as they are sent. Style form escapes what a cookie cannot hold; style cookie (3.2) leaves values as they are. */
export function cookiePairs(parameter: Parameter, value: Json): [name: string, text: string][] {
  const bare = parameter.style === 'cookie'
  return write(parameter, value, bare ? cookieText : percentEncode).map(([name, text]) => {
    if (bare) checkName(name!, 'cookie')
    return [bare ? name! : percentEncode(name!), text]
  })
}

/** RFC 6265, 4.1.1: `cookie-octet`. */
function cookieText(text: string): string {
  if (/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(text)) return text
  throw new Inexpressible(
    'must not hold what a cookie cannot: spaces, quotes, commas, semicolons, backslashes, or characters beyond ASCII; leave them out',
  )
}

function checkName(name: string, what: 'header' | 'cookie'): void {
  if (TOKEN.test(name)) return
  throw new Inexpressible(
    `must not be sent: ${JSON.stringify(name)} is not a name that a ${what} can have; leave it out`,
  )
}
