/** The one GET on Workers: the platform's `fetch`, no redirect followed, a bounded body. */
import { EgressError } from '../errors.ts'
import { type Chunks, type GetOptions, type Reply, readReply } from '../ports.ts'

/** Follows no redirect, and keeps one caller's answer out of the platform's cache, which goes by address alone. */
export async function get(url: URL, { headers, signal, maxBytes }: GetOptions): Promise<Reply> {
  try {
    const init = { method: 'GET', headers, signal, redirect: 'manual', cache: 'no-store' } as RequestInit
    const answer = await fetch(url, init)
    const header = (name: string) => answer.headers.get(name) ?? undefined
    return { status: answer.status, header, body: await readReply(answer.status, decoded(answer), maxBytes) }
  } catch (error) {
    if (error instanceof EgressError) throw error
    throw new EgressError(signal.aborted ? 'aborted' : 'closed', String(error))
  }
}

/** `fetch` decodes gzip and br by itself, but hands deflate on as it came. */
function decoded({ body, headers }: Response): Chunks {
  const encoding = (headers.get('content-encoding') ?? 'identity').toLowerCase()
  if (!/^(identity|gzip|x-gzip|br|deflate)$/.test(encoding)) {
    throw new EgressError('encoding', `the content encoding ${encoding.slice(0, 40)} is unknown`)
  }
  const stream = encoding === 'deflate' ? body?.pipeThrough(new DecompressionStream('deflate')) : body
  return stream ?? null
}
