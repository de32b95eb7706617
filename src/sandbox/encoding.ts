/** Compresses an answer in the coding that the client prefers among those it accepts (RFC 9110, 12.5.3). */
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'

/** Best first. The quality is low: this answers on loopback, where time is dearer than bytes. */
const codings: Record<string, (body: Uint8Array) => Buffer<ArrayBuffer>> = {
  gzip: (body) => gzipSync(body, { level: 1 }),
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  deflate: (body) => deflateSync(body, { level: 1 }),
}

const worthwhileBytes = 1024

export interface Encoded {
  body: Uint8Array<ArrayBuffer>
  headers: Record<string, string>
}

export function encode(body: Uint8Array<ArrayBuffer>, acceptEncoding: string | undefined): Encoded {
  if (body.length <= worthwhileBytes) return { body, headers: {} }
  const accepted = acceptedCodings(acceptEncoding ?? '')
  const coding = Object.keys(codings).find((name) => accepted.has(name))
  if (coding === undefined) return { body, headers: { vary: 'accept-encoding' } }
  return { body: codings[coding]!(body), headers: { vary: 'accept-encoding', 'content-encoding': coding } }
}

/** The codings named with a quality above zero. */
function acceptedCodings(header: string): Set<string> {
  const accepted = new Set<string>()
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim())
    if (!parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) accepted.add(name)
  }
  return accepted
}
