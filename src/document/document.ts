/** A document opened for reading: its version, its GETs, its server; OpenAPI 3.0, 3.1, 3.2 and Swagger 2.0. */
import { isObject, type JsonObject } from '../json.ts'
import { type Operation, operations } from './operations.ts'
import { DocumentError, type Resolve, resolver } from './resolve.ts'
import { documentServer } from './servers.ts'
import { type Version, versionOf } from './version.ts'
import { wellFormed } from './well-formed.ts'

export interface OpenDocument {
  root: JsonObject
  version: Version
  resolve: Resolve
  /** Every operation, whatever its method. */
  operations: Operation[]
  /** Base URL that the document names, variables filled in; undefined where it names none that could be asked. */
  server: string | undefined
}

export interface Whereabouts {
  /** URL that the document came from: a relative server counts from it. */
  location?: string
  /** Base URL of the API, where it was chosen and is not the document's. */
  server?: string
}

/** Throws DocumentError. */
export function openDocument(
  document: unknown,
  { location, server: chosen }: Whereabouts = {},
): OpenDocument {
  const given = isObject(document) ? wellFormed(document) : {}
  const version = versionOf(given)
  const resolve = resolver(given)
  const paths = resolve(given.paths)
  if (paths !== undefined && !isObject(paths)) throw new DocumentError('#/paths is not an object')
  const root = paths === undefined ? given : { ...given, paths }
  const server = documentServer(root, location)
  const bases = [chosen, server].filter((base) => base !== undefined && URL.canParse(base)) as string[]
  return { root, version, resolve, operations: operations(root, version, resolve, bases), server }
}
