/** A name on the wire belongs to one argument; otherwise a member of one could speak for another. */
import { Inexpressible, LAYOUTS, percentEncode } from './serialize.ts'
import type { Parameter } from './tool.ts'

/** Who wrote which name, by place. */
export type Claims = Map<string, Parameter>

/** Claims `name`, spelled as it is sent; throws where it is, or could be, another parameter's. */
export function claim(name: string, by: Parameter, claims: Claims, parameters: readonly Parameter[]): void {
  if (name === '') throw new Inexpressible('must not have a member without a name; leave it out')
  const place = `${by.in} ${name}`
  const holder = claims.get(place) ?? by
  const other = holder === by ? rival(name, by, parameters) : holder
  if (other) {
    const shown = JSON.stringify(decoded(name))
    throw new Inexpressible(`must not send ${shown}, which would be read as ${other.argument}; leave it out`)
  }
  claims.set(place, by)
}

/** Another parameter of the place to which the name would belong. A parameter's own name is its own. */
function rival(name: string, by: Parameter, parameters: readonly Parameter[]): Parameter | undefined {
  if (name === wireName(by)) return undefined
  return parameters.find((other) => {
    if (other === by || other.in !== by.in || !LAYOUTS[other.style].named) return false
    const theirs = wireName(other)
    return name === theirs || (other.style === 'deepObject' && name.startsWith(`${theirs}%5B`))
  })
}

/** A parameter's own name as it is sent. */
export function wireName({ in: place, style, name }: Parameter): string {
  if (place === 'header') return name.toLowerCase()
  return style === 'cookie' ? name : percentEncode(name)
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
