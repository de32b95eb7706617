/** What an operation answers on success: media types, the schema of its JSON, and the headers that it documents. */
import { isObject, type Json, type JsonObject } from '../json.ts'
import { type Resolve, readable } from './resolve.ts'
import type { Version } from './version.ts'

export interface Answers {
  /** Media types of the 2xx answers, in the document's order. */
  produces: string[]
  /** Of the first 2xx answer in JSON that has one; not resolved. */
  answer?: Json
  /** Names of the documented headers of 2xx answers, in lower case. */
  answerHeaders: string[]
}

/** An answer that cannot be read only leaves open what will be answered. */
export function answersOf(
  operation: JsonObject,
  root: JsonObject,
  version: Version,
  resolve: Resolve,
): Answers {
  const responses = isObject(operation.responses) ? operation.responses : {}
  const found = Object.entries(responses)
    .filter(([status]) => /^2(\d\d|XX)$/i.test(status))
    .map(([, node]) => readable(node, resolve))
    .filter(isObject)
  const contents = found.flatMap(({ content }) => (isObject(content) ? Object.entries(content) : []))
  const types = version === '2.0' ? swaggerTypes(operation, root) : contents.map(([type]) => type)
  const schemas =
    version === '2.0' ? found.map(({ schema }) => schema) : contents.filter(isJson).map(schemaOf(resolve))
  const answer = schemas.find((schema) => schema !== undefined)
  const headers = found.flatMap((response) =>
    isObject(response.headers) ? Object.keys(response.headers) : [],
  )
  return {
    produces: [...new Set(types.filter(isMediaType).map((type) => type.toLowerCase()))],
    ...(answer !== undefined && { answer }),
    answerHeaders: [...new Set(headers.map((name) => name.toLowerCase()))],
  }
}

function isJson([type]: [string, Json]): boolean {
  return /^(application\/json|[^;]*\+json)\s*(;|$)/i.test(type)
}

function schemaOf(resolve: Resolve): (entry: [string, Json]) => Json | undefined {
  return ([, node]) => {
    const media = readable(node, resolve)
    return isObject(media) ? media.schema : undefined
  }
}

function swaggerTypes(operation: JsonObject, root: JsonObject): string[] {
  const types = operation.produces ?? root.produces
  return Array.isArray(types) ? types.filter((type) => typeof type === 'string') : []
}

/** They are sent as `Accept`; anything else would break the header or the upstream. */
function isMediaType(type: string): boolean {
  return /^[\w!#$&^.+*-]{1,80}\/[\w!#$&^.+*-]{1,80}( *;[\x20-\x7e]{1,80})?$/.test(type)
}
