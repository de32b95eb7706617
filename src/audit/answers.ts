/** Every way in which the audit's upstream answers: well, badly, or with the address of somebody else. */
import type { Response } from './recorder.ts'

/** By name. `elsewhere` is another origin, to which nothing must ever be sent. */
export function answers(elsewhere: string): Record<string, Response> {
  const { host } = new URL(elsewhere)
  return {
    '200': whole('200 OK', '{}'),
    '301 away': away('301 Moved Permanently', `${elsewhere}/`),
    '302 away': away('302 Found', `//${host}/x`),
    '303 away': away('303 See Other', `http://user:password@${host}/x?y=z`),
    '307 away': away('307 Temporary Redirect', `${elsewhere}/x`),
    '308 away': away('308 Permanent Redirect', `\\\\${host}\\x`),
    '401': whole('401 Unauthorized', '{"message":"no"}'),
    '403': whole('403 Forbidden', '{"message":"no"}'),
    '404': whole('404 Not Found', '{"message":"nothing here"}'),
    '429': whole('429 Too Many Requests', '{"message":"slower"}'),
    '500': whole('500 Internal Server Error', '{"message":"trouble"}'),
    'no answer': undefined,
  }
}

function whole(status: string, body: string): Response {
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

function away(status: string, location: string): Response {
  return `HTTP/1.1 ${status}\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`
}
