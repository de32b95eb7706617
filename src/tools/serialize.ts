/** The parameter styles (OpenAPI 3.2.0, 4.12.2; RFC 6570 beneath most of them) as a table, and one value written in one. */
import type { Json, JsonObject } from '../json.ts'
import type { Parameter, Style } from './tool.ts'

/** A value that no reader could tell from another once it is written; the words follow the argument's name. */
export class Inexpressible extends Error {}

/** What opens a value, what joins its parts, and what joins them exploded; `named` styles write `name=`. */
interface Layout {
  opening: string
  joint: string
  exploded: string
  named: boolean
}

/** Exploded queries and cookies are pairs of their own; what joins those is their place's. */
export const LAYOUTS: Record<Style, Layout> = {
  simple:         { opening: '',  joint: ',',   exploded: ',', named: false },
  label:          { opening: '.', joint: ',',   exploded: '.', named: false },
  matrix:         { opening: ';', joint: ',',   exploded: ';', named: true },
  form:           { opening: '',  joint: ',',   exploded: '&', named: true },
  spaceDelimited: { opening: '',  joint: '%20', exploded: '&', named: true },
  pipeDelimited:  { opening: '',  joint: '%7C', exploded: '&', named: true },
  tabDelimited:   { opening: '',  joint: '%09', exploded: '&', named: true },
  deepObject:     { opening: '',  joint: '&',   exploded: '&', named: true },
  cookie:         { opening: '',  joint: ',',   exploded: ';', named: true },
} // biome-ignore format: a style a line

/** Writes one text as its place allows; `joint` is what must stand out from it, and empty where nothing is joined. */
export type Encode = (text: string, joint: string) => string

/** The name as it is, where the style writes one, and the value as it is sent. */
export type Pair = [name: string | undefined, text: string]

/** An empty list or object is undefined to RFC 6570 (2.3), and undefined is written as nothing. */
export function write({ name, style, explode }: Parameter, value: Json, encode: Encode): Pair[] {
  const layout = LAYOUTS[style]
  const own = layout.named ? name : undefined
  if (!isNested(value)) return [[own, encode(plain(value, style), '')]]
  const joint = explode ? layout.exploded : layout.joint
  const part = (item: Json, joints = [joint]) => partOf(plain(item, style), joints, encode)
  const members: [string | undefined, Json][] = Array.isArray(value)
    ? value.map((item) => [undefined, item])
    : Object.entries(value)
  if (members.length === 0) return []
  if (!explode) {
    const parts = members.flatMap(([key, item]) =>
      key === undefined ? [part(item)] : [part(key), part(item)],
    )
    return [[own, parts.join(joint)]]
  }
  return members.map(([key, item]) => {
    if (layout.named) return [key === undefined ? name : plain(key), part(item)]
    return [undefined, key === undefined ? part(item) : `${part(key, [joint, '='])}=${part(item)}`]
  })
}

/** A part is told from its neighbours by what joins them, so it must not hold that once it is escaped. */
function partOf(text: string, joints: string[], encode: Encode): string {
  const escaped = encode(text, joints[0]!)
  const joint = joints.find((each) => escaped.includes(each))
  if (joint === undefined) return escaped
  const shown = JSON.stringify(decodeURIComponent(joint))
  throw new Inexpressible(
    `must not hold ${shown} in a part: it is what separates the parts; leave such a part out`,
  )
}

/**
 * A string, number or boolean as text, with the digits it was given in. OpenAPI leaves open what a list or object is that
 * stands in another; as JSON, which the API's own documentation pages send, it can be told by its schema.
 */
export function plain(value: Json, style = 'plain text'): string {
  if (value === null) throw new Inexpressible(`must not hold null, which ${style} cannot write; leave it out`)
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (!text.isWellFormed())
    throw new Inexpressible('must not hold half a character (a lone surrogate); leave it out')
  return text
}

export function isNested(value: Json): value is Json[] | JsonObject {
  return typeof value === 'object' && value !== null
}

/** Percent-encodes all but unreserved characters (RFC 3986, 2.3). */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
