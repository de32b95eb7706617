/** A name on the wire belongs to one argument; otherwise a member of one could speak for another. */

import { own, type Schema } from '../json.ts'
import { decodedPart } from '../syntax.ts'
import { Inexpressible, LAYOUTS, percentEncode } from './serialize.ts'
import { type Parameter, schemaOf, type Tool } from './tool.ts'

/** Who wrote which name, by place. */
export type Claims = Map<string, Parameter>

/** Claims `name`, spelled as it is sent; throws where it is, or could be, another parameter's. */
export function claim(name: string, by: Parameter, claims: Claims, tool: Tool): void {
  if (name === '') throw new Inexpressible('must not have a member without a name; leave it out')
  const place = `${by.in} ${name}`
  if (name !== wireName(by) && isWithheld(name, by, tool))
    throw new Inexpressible(
      `must not send ${JSON.stringify(decodedPart(name) ?? name)}, which this tool does not offer; leave it out`,
    )
  const holder = claims.get(place) ?? by
  const other = holder === by ? rival(name, by, tool) : holder
  if (other) {
    const shown = JSON.stringify(decodedPart(name) ?? name)
    throw new Inexpressible(`must not send ${shown}, which would be read as ${other.argument}; leave it out`)
  }
  claims.set(place, by)
}

/** True for each spelling that some server takes for a withheld name: in another case, with brackets behind it, or as PHP folds it. */
function isWithheld(name: string, by: Parameter, { withheld = [] }: Tool): boolean {
  const whole = asRead(`${by.in} ${decodedPart(name) ?? name}`)
  const start = whole.replace(/\[.*$/s, '')
  return withheld.map(asRead).some((each) => each === whole || each === start)
}

function asRead(place: string): string {
  const at = place.indexOf(' ') + 1
  return place.slice(0, at) + place.slice(at).toLowerCase().replace(/[. ]/g, '_')
}

/** Another parameter of the place to which the name would belong. A parameter's own name is its own. */
function rival(name: string, by: Parameter, tool: Tool): Parameter | undefined {
  if (name === wireName(by)) return undefined
  const plainName = decodedPart(name) ?? name
  const shapeOf = ({ argument }: Parameter) => schemaOf(tool, argument) ?? {}
  const listed = lists(shapeOf(by), plainName, by)
  return tool.parameters.find((other) => {
    if (other === by || other.in !== by.in || !LAYOUTS[other.style].named) return false
    if (name === wireName(other)) return true
    if (other.style === 'deepObject') return name.startsWith(`${wireName(other)}%5B`)
    if (!other.explode || by.style === 'deepObject') return false
    const schema = shapeOf(other)
    return lists(schema, plainName, other) || (!listed && isOpen(schema))
  })
}

/** True where an object of the schema has a member of that name. */
function lists({ anyOf, properties = {} }: Schema, name: string, parameter: Parameter): boolean {
  const { members = {} } = parameter
  return (
    Object.keys(properties).some((safe) => (own(members, safe)?.name ?? safe) === name) ||
    (anyOf ?? []).some((branch) => lists(branch, name, parameter))
  )
}

/** True where an object of the schema may have members of any name. */
function isOpen({ anyOf, type, additionalProperties }: Schema): boolean {
  return anyOf ? anyOf.some(isOpen) : type === 'object' && additionalProperties !== false
}

/** A parameter's own name as it is sent. */
function wireName({ in: place, style, name }: Parameter): string {
  if (place === 'header') return name.toLowerCase()
  return style === 'cookie' ? name : percentEncode(name)
}
