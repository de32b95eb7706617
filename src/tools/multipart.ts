/** An upstream's body of several parts (RFC 2046, 5.1), taken apart line by line, so that no body costs more than its length. */

export interface Part {
  /** One header by its lower-case name. */
  header(name: string): string | undefined
  body: Uint8Array
}

/** Parts of one answer; a model reads each, and a body may hold thousands. */
const MOST_PARTS = 32
/** Bytes of one part's headers. */
const MOST_HEADER_BYTES = 4096
const BOUNDARY =
  /;\s*boundary=(?:"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])"|([\w'()+./:=?-]{1,70}))\s*(?:;|$)/i
const LINE_FEED = 0x0a

/** True for the bodies whose parts are each an answer; other subtypes say one thing in several ways. */
export function isMultipart(type: string): boolean {
  return type === 'multipart/mixed' || type === 'multipart/related'
}

/** The parts in their order, or undefined where the body is cut short, too divided or none of this kind. */
export function partsOf(body: Uint8Array, contentType: string): Part[] | undefined {
  const [, quoted, bare] = BOUNDARY.exec(contentType) ?? []
  const boundary = quoted ?? bare
  if (boundary === undefined) return undefined
  const delimiter = new TextEncoder().encode(`--${boundary}`)
  const parts: Part[] = []
  let start: number | undefined
  for (let line = 0; line < body.byteLength; line = endOfLine(body, line)) {
    if (!startsWith(body, line, delimiter)) continue
    const after = line + delimiter.byteLength
    const last = body[after] === 0x2d && body[after + 1] === 0x2d
    if (!last && !isBlank(body.subarray(after, endOfLine(body, after)))) continue
    const part = start === undefined ? undefined : toPart(body.subarray(start, beforeBreak(body, line)))
    if (start !== undefined && !part) return undefined
    if (part) parts.push(part)
    if (last) return parts.length > 0 ? parts : undefined
    if (parts.length === MOST_PARTS) return undefined
    start = endOfLine(body, after)
  }
  return undefined
}

/** Headers, an empty line, and the rest. */
function toPart(bytes: Uint8Array): Part | undefined {
  let line = 0
  while (line < bytes.byteLength && line <= MOST_HEADER_BYTES) {
    const next = endOfLine(bytes, line)
    if (isBlank(bytes.subarray(line, next))) {
      const headers = readHeaders(new TextDecoder().decode(bytes.subarray(0, line)))
      return { header: (name) => headers.get(name), body: bytes.subarray(next) }
    }
    line = next
  }
  return undefined
}

/** A line that opens with a space continues the one before it; a part that names no type is plain text (RFC 2046, 5.1). */
function readHeaders(text: string): Map<string, string> {
  const lines = text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const fields = lines
    .map((line) => /^([\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line))
    .filter((field) => field !== null)
  const named = fields.map(([, name, value]) => [name!.toLowerCase(), value!] as const)
  return new Map([['content-type', 'text/plain'], ...named])
}

/** Where the line after the one at `at` begins. */
function endOfLine(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(LINE_FEED, at)
  return end === -1 ? bytes.byteLength : end + 1
}

/** The line break before a delimiter belongs to it. */
function beforeBreak(bytes: Uint8Array, line: number): number {
  return bytes[line - 2] === 0x0d ? line - 2 : line - 1
}

function startsWith(bytes: Uint8Array, at: number, start: Uint8Array): boolean {
  for (let i = 0; i < start.byteLength; i++) if (bytes[at + i] !== start[i]) return false
  return true
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === LINE_FEED)
}
