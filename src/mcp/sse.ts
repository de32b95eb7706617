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
  const accept = headers.get('accept')
  if (accept === null || !/text\/(event-stream|\*)/i.test(accept)) return false
  return !/(application\/(json|\*)|\*\/\*)/i.test(accept)
}
