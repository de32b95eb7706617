/** Which of an operation's parameters a tool offers, and why some cannot be sent. */

import type { Access } from '../access/access.ts'
import { credentialPlaces } from '../access/credential.ts'
import type { OpenDocument } from '../document/document.ts'
import type { Operation } from '../document/operations.ts'
import type { DocumentParameter, Repair } from '../document/parameters.ts'
import { type Resolve, readable } from '../document/resolve.ts'
import { isObject, type JsonObject, text } from '../json.ts'
import { TOKEN } from '../syntax.ts'
import type { Content } from '../tools/tool.ts'

/** Headers that decide where a message goes, what it does or where it ends; no argument may set one. */
const FRAMING =
  /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|cookie|forwarded|x-forwarded-.*|x-original-.*|x-rewrite-.*|x-real-ip|accept-encoding|x-http-method.*|x-method-override)$/

/** What carries the credential, and the headers that OpenAPI says to ignore as parameters (3.2, 4.12.1): we set them ourselves. */
export function ownPlaces(access: Access, { root, resolve }: OpenDocument): ReadonlySet<string> {
  const ignored = ['header accept', 'header content-type', 'header authorization']
  return new Set([...ignored, ...credentialPlaces(access), ...keyPlaces(root, resolve)])
}

/** Where the document's API keys travel: a secret is never an argument, since models and their logs would keep it. */
function keyPlaces({ components, securityDefinitions }: JsonObject, resolve: Resolve): string[] {
  const schemes = isObject(components) ? components.securitySchemes : securityDefinitions
  return Object.values(isObject(schemes) ? schemes : {}).flatMap((node) => {
    const scheme = readable(node, resolve)
    if (!isObject(scheme) || scheme.type !== 'apiKey') return []
    const [place, name] = [text(scheme.in), text(scheme.name)]
    return place === undefined || name === undefined ? [] : [placeOf(place, name)]
  })
}

/** What a path's own query says, such as the method of `/rest?method=list`: no argument says it again. */
export function fixedPlaces({ path }: Operation): string[] {
  const [, query = ''] = path.split(/\?(?![^{}]*\})(.*)/s)
  return [...new URLSearchParams(query).keys()].map((name) => placeOf('query', name))
}

function placeOf(place: string, name: string): string {
  return `${place} ${place === 'header' ? name.toLowerCase() : name}`
}

/** What is offered, and what keeps the operation from being called as the document has it. */
export interface Offer {
  parameters: DocumentParameter[]
  faults: string[]
  repairs: Repair[]
}

/** The parameters that become arguments: all but ours, those in `omit`, and those that no argument may or can set. */
export function offer(operation: Operation, own: ReadonlySet<string>, omit: readonly string[]): Offer {
  const faults: string[] = []
  const repairs: Repair[] = [...operation.repairs]
  const parameters = operation.parameters.filter((parameter) => {
    const { name, in: place, required } = parameter
    if (own.has(placeOf(place, name))) return false
    if (omit.includes(name)) {
      if (required) faults.push(`${name} is required and cannot be omitted`)
      return false
    }
    const unsendable = unsendableFault(parameter)
    if (unsendable === undefined) return true
    if (required && place !== 'header') faults.push(`${name}: ${unsendable}`)
    else repairs.push({ parameter: name, message: `${name}: ${unsendable}` })
    return false
  })
  const adjoining = besideOneAnother(operation.path, parameters)
  if (adjoining !== undefined)
    faults.push(`${adjoining} stand side by side in the path, where no value could be told from the other`)
  const whole = parameters.find((parameter) => parameter.in === 'querystring')
  const named = operation.parameters.map((each) => placeOf(each.in, each.name))
  const beside = [...named, ...own, ...fixedPlaces(operation)].some((each) => each.startsWith('query '))
  if (whole && beside) faults.push(`${whole.name} is the whole query, and other parameters are in it too`)
  return { parameters, faults, repairs }
}

/** Two variables with nothing between them can be told apart only where the document lists one's values, or a style marks it. */
function besideOneAnother(path: string, parameters: DocumentParameter[]): string | undefined {
  const isMarked = (name: string) => {
    const parameter = parameters.find((each) => each.in === 'path' && each.name === name)
    const listed = isObject(parameter?.schema) && Array.isArray(parameter.schema.enum)
    return parameter === undefined || listed || parameter.style !== 'simple'
  }
  for (const [pair, one, other] of path.matchAll(/\{([^{}]+)\}(?=\{([^{}]+)\})/g))
    if (!isMarked(one!) && !isMarked(other!)) return `${pair} and {${other}}`
  return undefined
}

/** Names of the place that are not offered, which no object with members of any name may write either. */
export function withheld(
  operation: Operation,
  own: ReadonlySet<string>,
  offered: DocumentParameter[],
): string[] {
  const kept = new Set(offered)
  const hidden = operation.parameters.filter((parameter) => !kept.has(parameter))
  const places = [...hidden.map((each) => placeOf(each.in, each.name)), ...own, ...fixedPlaces(operation)]
  return [...new Set(places)].filter((each) => /^(query|cookie) /.test(each))
}

function unsendableFault({ name, in: place, content }: DocumentParameter): string | undefined {
  if (content !== undefined && contentOf(content) === undefined) return `a value cannot be sent as ${content}`
  const settable = TOKEN.test(name) && !isFraming(name)
  return place === 'header' && !settable ? 'this header cannot be set by an argument' : undefined
}

/** True for a header that says where a message goes, what it does or where it ends. */
export function isFraming(header: string): boolean {
  return FRAMING.test(header.toLowerCase())
}

/** What a parameter's media type is sent as; undefined where a value cannot be written as one. `*` is any: text. */
export function contentOf(type: string): Content | undefined {
  const [essence = ''] = type.toLowerCase().split(';')
  if (/^application\/([\w.+-]+\+)?json$/.test(essence.trim())) return 'application/json'
  if (essence.trim() === 'application/x-www-form-urlencoded') return 'application/x-www-form-urlencoded'
  return /^(text\/.+|\*\/\*)$/.test(essence.trim()) ? 'text/plain' : undefined
}
