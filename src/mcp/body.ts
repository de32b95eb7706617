/** A request's body: its media type, its bytes under a cap, its JSON. */
import { EgressError } from '../errors.ts'
import type { Json } from '../json.ts'
import { collect } from '../ports.ts'

/** `application/json` in UTF-8 and nothing else; a compressed body could grow beyond any cap. */
export function isJson(headers: Headers): boolean {
  const type = headers.get('content-type') ?? ''
  return /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type) && !headers.has('content-encoding')
}

/** The bytes, or undefined beyond `maxBytes`. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  const stated = request.headers.get('content-length')
  if (stated !== null)
    return Number(stated) <= maxBytes ? new Uint8Array(await request.arrayBuffer()) : undefined
  try {
    return request.body
      ? await collect(request.body as unknown as AsyncIterable<Uint8Array>, maxBytes)
      : new Uint8Array()
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
