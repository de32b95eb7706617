/** Following local `$ref`s of a document (RFC 6901); nothing is ever fetched because a document says so. */

import { isObject, type Json, type JsonObject, own } from '../json.ts'
import { decodedPart } from '../syntax.ts'

/** A part of the document that cannot be used; its owner can act on the message. */
export class DocumentError extends Error {
  override name = 'DocumentError'
}

export type Resolve = (node: Json | undefined) => Json | undefined

/** Chains longer than this are taken for a circle that no schema could unfold. */
const LONGEST_CHAIN = 32

/** Keywords of a schema of which two statements hold together; of all others, such as words, the one beside `$ref` holds. */
const JOINED =
  /^(properties|allOf|anyOf|oneOf|enum|minimum|maximum|exclusiveMinimum|exclusiveMaximum|(min|max)(Length|Items))$/

/** Makes a function that replaces `{$ref}` by its target, with what stands beside `$ref` (JSON Schema 2020-12, 8.2.3.1). */
export function resolver(document: JsonObject): Resolve {
  return function resolve(node) {
    let target = node
    for (let steps = 0; isObject(target) && typeof target.$ref === 'string'; steps++) {
      if (steps === LONGEST_CHAIN) throw new DocumentError(`$ref ${target.$ref} never ends`)
      const { $ref, ...siblings } = target
      const found = lookUp(document, $ref as string)
      target = isObject(found) ? beside(found, siblings) : found
    }
    return target
  }
}

/** A parameter's `required` is a boolean, and overridden; a schema's is a list. */
function beside(target: JsonObject, siblings: JsonObject): JsonObject {
  const keywords = Object.keys(siblings)
  if (keywords.length === 0) return target
  const both = keywords.filter((keyword) => Object.hasOwn(target, keyword))
  const joined = both.some((keyword) =>
    keyword === 'required' ? Array.isArray(siblings.required) : JOINED.test(keyword),
  )
  return joined ? { allOf: [target, siblings] } : { ...target, ...siblings }
}

/** For what can be done without: undefined where its reference cannot be followed. */
export function readable(node: Json, resolve: Resolve): Json | undefined {
  try {
    return resolve(node)
  } catch (error) {
    if (error instanceof DocumentError) return undefined
    throw error
  }
}

/** The keys that a reference follows from the root of the document (RFC 6901, 6). */
export function pointerOf(ref: string): string[] {
  const [, ...parts] = ref.slice(1).split('/')
  return parts.map((part) => (decodedPart(part) ?? part).replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** What a reference that begins with `#` leads to, if anything. */
export function targetOf(document: JsonObject, ref: string): Json | undefined {
  let node: Json | undefined = document
  for (const key of pointerOf(ref)) {
    if (Array.isArray(node)) node = node[Number(key)]
    else node = isObject(node) ? own(node, key) : undefined
  }
  return node
}

function lookUp(document: JsonObject, ref: string): Json {
  if (ref !== '#' && !ref.startsWith('#/')) throw new DocumentError(`$ref ${ref} points outside the document`)
  const node = targetOf(document, ref)
  if (node === undefined) throw new DocumentError(`$ref ${ref} points nowhere`)
  return node
}
