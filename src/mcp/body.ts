/** A request's body: its media type, its bytes under a cap, its JSON. */
import { EgressError } from '../errors.ts'
import type { Json } from '../json.ts'
import { collect } from '../ports.ts'

/** `application/json` in UTF-8 and nothing else; a compressed body could grow beyond any cap. */
export function isJson(headers: Headers): boolean {
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';')
  const charsets = parameters.map((each) => /^\s*charset="?([^"]*?)"?\s*$/.exec(each)?.[1] ?? 'utf-8')
  return (
    type.trim() === 'application/json' &&
    charsets.every((each) => each === 'utf-8') &&
    !headers.has('content-encoding')
  )
}

/** The bytes, or undefined beyond `maxBytes`. A server holds a body to its stated length; another sender may not. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  const stated = request.headers.get('content-length')
  if (stated !== null) {
    const bytes = Number(stated) <= maxBytes ? new Uint8Array(await request.arrayBuffer()) : undefined
    return bytes && bytes.byteLength <= maxBytes ? bytes : undefined
  }
  try {
    return await collect(request.body, maxBytes)
  } catch (error) {
    if (error instanceof EgressError) return undefined
    throw error
  }
}

/** The value, or undefined where it is not JSON in UTF-8. */
export function parse(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json
  } catch {
    return undefined
  }
}
