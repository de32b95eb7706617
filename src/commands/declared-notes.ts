/** What a declaration and its document say of each other that is no fault, and yet hardly meant: lines for `check` and `start`. */
import type { Access } from '../access/access.ts'
import { readable, resolver } from '../document/resolve.ts'
import { isObject, type JsonObject } from '../json.ts'
import { visible } from '../tools/invisible.ts'
import type { Chosen } from './connector.ts'
import { severalFilesLine } from './several-files.ts'

export function declaredNotes({ catalog, document, source }: Chosen): string[] {
  const key = keyElsewhere(document, catalog.access)
  return [severalFilesLine(document, source), key && `Note: ${key}`].filter((each) => each !== undefined)
}

const LONGEST_HEADER = 60

/** The upstream would not see a key that comes in another header than its document names, and answer 401 to every call. */
function keyElsewhere(document: JsonObject, access: Access): string | undefined {
  if (access.type !== 'apiKey') return undefined
  const asked = credentialHeaders(document)
  const sent = access.forward?.header ?? AUTHORIZATION
  const [first] = asked
  if (first === undefined || asked.some((name) => name.toLowerCase() === sent.toLowerCase())) return undefined
  const named = asked.map((name) => visible(name, LONGEST_HEADER)).join(' or ')
  const scheme = first === AUTHORIZATION ? { scheme: 'Bearer' } : {}
  const forward = JSON.stringify({ header: visible(first, LONGEST_HEADER), ...scheme })
  return `the document wants the key in the header ${named}, and it is sent in ${sent}: declare access.forward as ${forward}`
}

const AUTHORIZATION = 'Authorization'

/** Those in which the document's security schemes take a credential (OpenAPI 3.2.0, 4.27); Swagger 2.0 spells them alike. */
function credentialHeaders(document: JsonObject): string[] {
  const { components, securityDefinitions } = document
  const schemes = isObject(components) ? components.securitySchemes : securityDefinitions
  const resolve = resolver(document)
  const named = Object.values(isObject(schemes) ? schemes : {}).map((node) => {
    const scheme = readable(node, resolve)
    if (!isObject(scheme)) return undefined
    if (scheme.type !== 'apiKey') return AUTHORIZATION
    return scheme.in === 'header' && typeof scheme.name === 'string' ? scheme.name : undefined
  })
  return [...new Set(named.filter((each) => each !== undefined))]
}
