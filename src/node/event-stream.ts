/** Reads server-sent events as MCP servers answer with them (WHATWG HTML, 9.2.6): the data of each, until somebody has enough. */
import { EgressError } from '../errors.ts'
import type { Chunks } from '../ports.ts'

/** The `data` of each event, in turn. Throws EgressError `too_large` once more than `maxBytes` have been read. */
export async function* readEvents(chunks: Chunks, maxBytes: number): AsyncGenerator<string> {
  let data: string[] = []
  for await (const lines of readLines(chunks, maxBytes)) {
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
      if (line !== '' || data.length === 0) continue
      yield data.join('\n')
      data = []
    }
  }
  if (data.length > 0) yield data.join('\n')
}

/** The lines that each chunk ends; what arrives in many pieces is joined once. */
async function* readLines(chunks: Chunks, maxBytes: number): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  let pieces: string[] = []
  let length = 0
  // Every runtime iterates its streams; not every type says so.
  for await (const chunk of (chunks ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength
    if (length > maxBytes) throw new EgressError('too_large', `the events exceed ${maxBytes} bytes`)
    const [first = '', ...rest] = decoder.decode(chunk, { stream: true }).split('\n')
    pieces.push(first)
    if (rest.length === 0) continue
    const lines = [pieces.join(''), ...rest.slice(0, -1)]
    pieces = rest.slice(-1)
    yield lines.map((line) => line.replace(/\r$/, ''))
  }
  yield [pieces.join('').replace(/\r$/, '')]
}
