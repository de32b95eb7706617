/** Whether a document is of several files: what its GETs refer to outside of it is not there to be read. */
import { isObject, type Json, type JsonObject } from '../json.ts'
import { targetOf } from './resolve.ts'

/** What stands below these is data, in which `$ref` means nothing; or is not asked. */
const ASIDE = /^(examples?|enum|const|default|callbacks|x-.*)$/

/** The first reference of the GETs, in the document's order, that leads to another file or address. */
export function firstOutside(document: JsonObject): string | undefined {
  const seen = new Set<Json>()
  const waiting = gets(document)
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (typeof node !== 'object' || node === null || seen.has(node)) continue
    seen.add(node)
    const ref = isObject(node) ? node.$ref : undefined
    if (typeof ref === 'string') {
      if (!ref.startsWith('#')) return ref
      waiting.push(targetOf(document, ref))
    }
    for (const part of below(node).reverse()) waiting.push(part)
  }
  return undefined
}

/** The last first, as they are taken from the end: a path item that is elsewhere stands for its GET. */
function gets(document: JsonObject): (Json | undefined)[] {
  const paths = followed(document, document.paths)
  if (!isObject(paths) || typeof paths.$ref === 'string') return [paths]
  const items = Object.entries(paths).filter(([path]) => !path.startsWith('x-'))
  return items
    .flatMap(([, node]) => {
      const item = followed(document, node)
      return isObject(item) && typeof item.$ref !== 'string' ? [item.parameters, item.get] : [item]
    })
    .reverse()
}

/** One step: whoever writes chains of references into paths has them read where a GET is compiled. */
function followed(document: JsonObject, node: Json | undefined): Json | undefined {
  const ref = isObject(node) ? node.$ref : undefined
  return typeof ref === 'string' && ref.startsWith('#') ? targetOf(document, ref) : node
}

/** What stands below these has names of the vendor's, which may be any word, or statuses, one of which is `default`. */
const NAMED = /^(properties|patternProperties|headers|responses)$/

function below(node: Json[] | JsonObject): Json[] {
  if (Array.isArray(node)) return [...node]
  return Object.entries(node).flatMap(([key, value]) => {
    if (ASIDE.test(key)) return []
    return NAMED.test(key) && isObject(value) ? Object.values(value) : [value]
  })
}
