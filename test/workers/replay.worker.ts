/** A Worker for tests that does nothing but hand its requests to the replay guard. */
import { createReplayObjectGuard, type ReplayNamespace } from '../../src/worker/replay-object.ts'

export { ReplayObject } from '../../src/worker/replay-object.ts'

export default {
  /** `/claim?key=a&ttl=60`, `/get?key=a`, or the value in the body of `/put?key=a&ttl=60`. */
  async fetch(request: Request, { REPLAY }: { REPLAY: ReplayNamespace }): Promise<Response> {
    const guard = createReplayObjectGuard(REPLAY)
    const { pathname, searchParams } = new URL(request.url)
    const key = searchParams.get('key') ?? ''
    const ttl = Number(searchParams.get('ttl'))
    if (pathname === '/claim') return Response.json({ first: await guard.claim(key, ttl) })
    if (pathname === '/get') return Response.json({ value: (await guard.get(key)) ?? 'nothing' })
    await guard.put(key, await request.text(), ttl)
    return Response.json({})
  },
}
