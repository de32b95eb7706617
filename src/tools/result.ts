/** From the upstream's reply to what MCP carries: text, image, audio or a file, in a result or as a resource. */
import type { Failure } from '../errors.ts'
import type { Reply } from '../ports.ts'
import type { Wire } from '../wire.ts'
import { embedJson } from './embed.ts'
import { type Facts, failures } from './failures.ts'
import { reveal } from './invisible.ts'
import type { Tool } from './tool.ts'

/** What a reply holds: text as a JSON string with its quotes, or bytes in Base64. */
export type Block =
  | { kind: 'text'; mimeType: string; json: Wire }
  | { kind: 'binary'; mimeType: string; data: string }

export type Rendered = { ok: true; block: Block } | { ok: false; failure: Failure }

/** Renders a 2xx reply by its media type; JSON is the rule, and what has no media type is tried as JSON. */
export function render(reply: Reply, facts: Facts, tool: Tool, maxBinaryBytes: number): Rendered {
  const header = reply.header('content-type') ?? ''
  const type = header.split(';')[0]!.trim().toLowerCase()
  if (reply.body.byteLength === 0) return textBlock(JSON_TYPE, ['"{\\"value\\":null}"'])
  if (type === '' || type === JSON_TYPE || type.endsWith('+json')) return renderJson(reply, facts)
  if (isText(type)) return renderText(reply, header, type, facts, tool)
  return renderBinary(reply.body, type, facts, maxBinaryBytes)
}

/**
 * The block as the content of a tool's result. `uri` names an embedded file, such as `flowtly://attachments/att_000001`;
 * `audio` is false for revisions without audio content (before 2025-03-26).
 */
export function toContent(block: Block, uri: string, audio: boolean): Wire {
  if (block.kind === 'text') return ['[{"type":"text","text":', ...block.json, '}]']
  const { mimeType, data } = block
  const kind = mimeType.split('/')[0]
  if (kind === 'image' || (kind === 'audio' && audio))
    return [JSON.stringify([{ type: kind, data, mimeType }])]
  return [JSON.stringify([{ type: 'resource', resource: { uri, mimeType, blob: data } }])]
}

/** The block as the contents of the resource `uri`. */
export function toContents(block: Block, uri: string): Wire {
  const { mimeType } = block
  if (block.kind === 'binary') return [JSON.stringify([{ uri, mimeType, blob: block.data }])]
  return [
    `[{"uri":${JSON.stringify(uri)},"mimeType":${JSON.stringify(mimeType)},"text":`,
    ...block.json,
    '}]',
  ]
}

const PAGE = /^(text\/html|application\/xhtml\+xml)$/
const JSON_TYPE = 'application/json'

function renderJson(reply: Reply, facts: Facts): Rendered {
  const embedded = embedJson(reply.body, 2 * facts.limits.maxResponseBytes)
  if (!embedded.ok && embedded.tooLarge) return { ok: false, failure: failures.tooLarge(facts) }
  if (!embedded.ok) return { ok: false, failure: failures.notJson(embedded.fault, facts) }
  return textBlock(JSON_TYPE, ['"', embedded.bytes, '"'])
}

function textBlock(mimeType: string, json: Wire): Rendered {
  return { ok: true, block: { kind: 'text', mimeType, json } }
}

/** A page where data was expected is a sign-in or error page; it is handed on only where the document names it. */
function renderText(reply: Reply, header: string, type: string, facts: Facts, tool: Tool): Rendered {
  if (PAGE.test(type) && !tool.produces.includes(type)) {
    return { ok: false, failure: failures.mediaType('an HTML page', facts) }
  }
  return textBlock(type, [
    JSON.stringify(reveal(decode(reply.body, /charset="?([\w-]+)/i.exec(header)?.[1]))),
  ])
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

function renderBinary(body: Uint8Array, mimeType: string, facts: Facts, maxBinaryBytes: number): Rendered {
  if (!/^[\w.+-]{1,64}\/[\w.+-]{1,64}$/.test(mimeType))
    return { ok: false, failure: failures.mediaType('no usable media type', facts) }
  const { byteLength } = body
  if (byteLength > maxBinaryBytes)
    return { ok: false, failure: failures.binaryTooLarge(byteLength, maxBinaryBytes, facts) }
  return { ok: true, block: { kind: 'binary', mimeType, data: base64(body) } }
}

/** `btoa` takes one character a byte; slices keep the argument list of `fromCharCode` short. */
function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.byteLength; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}
