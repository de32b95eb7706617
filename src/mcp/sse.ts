/** Messages as a finished event stream, for the few answers that may not or cannot be plain JSON. */
import { toBytes, type Wire } from '../wire.ts'

/** One event a message; JSON holds no raw line breaks, so a single `data:` line is enough. */
export function eventStream(messages: Wire[]): Response {
  const wire = messages.flatMap((message) => ['event: message\ndata: ', ...message, '\n\n'])
  return new Response(toBytes(wire), {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  })
}

/** True where JSON is excluded and events are not; no `Accept`, or one with JSON in it, gets JSON. */
export function wantsEvents(headers: Headers): boolean {
  const ranges = (headers.get('accept') ?? '*/*')
    .toLowerCase()
    .split(',')
    .map((range) => range.trim().split(/\s*;\s*/))
  const accepted = ranges
    .filter((range) => !range.some((part) => /^q=0(\.0*)?$/.test(part)))
    .map(([type]) => type)
  const takes = (...types: string[]) => types.some((type) => accepted.includes(type))
  return takes('text/event-stream', 'text/*') && !takes('application/json', 'application/*', '*/*')
}
