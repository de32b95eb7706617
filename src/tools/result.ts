/** From the upstream's reply to MCP content blocks, written as JSON: text, image, audio or an embedded file. */
import type { Failure } from '../errors.ts'
import type { Reply } from '../ports.ts'
import type { Wire } from '../wire.ts'
import { embedJson } from './embed.ts'
import { type Facts, failures } from './failures.ts'
import type { Tool } from './tool.ts'

/** `content` is the JSON text of the content array. */
export type Result = { ok: true; content: Wire } | { ok: false; failure: Failure }

export interface Rendering {
  tool: Tool
  /** Names an embedded file, such as `flowtly://attachments/att_000001`. */
  uri: string
  maxBinaryBytes: number
  /** False for revisions without audio content (before 2025-03-26). */
  audio: boolean
}

/** Renders a 2xx reply by its media type; JSON is the rule, and what has no media type is tried as JSON. */
export function render(reply: Reply, facts: Facts, rendering: Rendering): Result {
  const header = reply.header('content-type') ?? ''
  const type = header.split(';')[0]!.trim().toLowerCase()
  if (reply.body.byteLength === 0) return textBlock(JSON.stringify(JSON.stringify({ value: null })))
  if (type === '' || type === 'application/json' || type.endsWith('+json')) return renderJson(reply, facts)
  if (isText(type)) return renderText(reply, header, type, facts, rendering)
  return renderBinary(reply.body, type, facts, rendering)
}

function renderJson(reply: Reply, facts: Facts): Result {
  const embedded = embedJson(reply.body)
  if (!embedded.ok) return { ok: false, failure: failures.notJson(embedded.fault, facts) }
  return { ok: true, content: ['[{"type":"text","text":"', embedded.bytes, '"}]'] }
}

function textBlock(jsonString: string): Result {
  return { ok: true, content: [`[{"type":"text","text":${jsonString}}]`] }
}

/** A page where data was expected is a sign-in or error page; it is handed on only where the document names it. */
function renderText(reply: Reply, header: string, type: string, facts: Facts, { tool }: Rendering): Result {
  if (type === 'text/html' && !tool.produces.includes(type)) {
    return { ok: false, failure: failures.mediaType('an HTML page', facts) }
  }
  return textBlock(JSON.stringify(decode(reply.body, /charset="?([\w-]+)/i.exec(header)?.[1])))
}

function isText(type: string): boolean {
  return (
    type.startsWith('text/') ||
    /^application\/(xml|yaml|x-yaml|x-ndjson|jsonl)$/.test(type) ||
    type.endsWith('+xml')
  )
}

function decode(body: Uint8Array, charset: string | undefined): string {
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

function renderBinary(body: Uint8Array, type: string, facts: Facts, rendering: Rendering): Result {
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(type))
    return { ok: false, failure: failures.mediaType('no usable media type', facts) }
  if (body.byteLength > rendering.maxBinaryBytes) {
    return { ok: false, failure: failures.binaryTooLarge(body.byteLength, rendering.maxBinaryBytes, facts) }
  }
  const kind = type.split('/')[0]!
  const data = base64(body)
  if (kind === 'image' || (kind === 'audio' && rendering.audio)) {
    return { ok: true, content: [`[{"type":"${kind}","data":"${data}","mimeType":"${type}"}]`] }
  }
  const uri = JSON.stringify(rendering.uri)
  return {
    ok: true,
    content: [`[{"type":"resource","resource":{"uri":${uri},"mimeType":"${type}","blob":"${data}"}}]`],
  }
}

/** `btoa` takes one character a byte; slices keep the argument list of `fromCharCode` short. */
function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.byteLength; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}
