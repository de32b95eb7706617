/** From the upstream's reply to what MCP carries: text, image, audio or a file, in a result or as a resource. */
import type { Failure } from '../errors.ts'
import type { Reply } from '../ports.ts'
import type { Wire } from '../wire.ts'
import { embedJson } from './embed.ts'
import { type Facts, failures } from './failures.ts'
import { reveal } from './invisible.ts'
import { isMultipart, type Part, partsOf } from './multipart.ts'
import { OWN } from './own-name.ts'
import type { Tool } from './tool.ts'

/** What a reply holds: text as a JSON string with its quotes, bytes in Base64, or several of both. */
export type Block = Single | { kind: 'parts'; parts: Single[] }
/** One text or one file. */
export type Single =
  /** `claims` where an upstream speaks under the name that is ours. */
  | { kind: 'text'; mimeType: string; json: Wire; claims?: true }
  | { kind: 'binary'; mimeType: string; data: string }

export type Rendered = { ok: true; block: Block } | { ok: false; failure: Failure }

/** Renders a 2xx reply by its media type; JSON is the rule, and what has no media type is tried as JSON. */
export function render(reply: Reply, facts: Facts, tool: Tool, maxBinaryBytes: number): Rendered {
  const header = reply.header('content-type') ?? ''
  const type = typeOf(header)
  if (reply.body.byteLength === 0) return textBlock(JSON_TYPE, ['"{\\"value\\":null}"'])
  if (type === '' || type === JSON_TYPE || type.endsWith('+json')) return renderJson(reply, facts)
  if (isText(type)) return renderText(reply, type, facts, tool)
  if (isMultipart(type)) return renderParts(partsOf(reply.body, header) ?? [], facts, tool, maxBinaryBytes)
  return renderBinary(reply.body, type, facts, maxBinaryBytes)
}

/**
 * The block as the content of a tool's result. `uri` names an embedded file, such as `flowtly://attachments/att_000001`;
 * `audio` is false for revisions without audio content (before 2025-03-26).
 */
export function toContent(block: Block, uri: string, audio: boolean): Wire {
  return list(singles(block, uri).map(([single, at]) => content(single, at, audio)))
}

/** The block as the contents of the resource `uri`. */
export function toContents(block: Block, uri: string): Wire {
  return list(singles(block, uri).map(([single, at]) => resource(single, at)))
}

/** The block as contents of messages: text is embedded too, so that it is told apart from what a person says. */
export function toEmbedded(block: Block, uri: string, audio: boolean): Wire[] {
  return singles(block, uri).map(([single, at]) =>
    single.kind === 'text' ? embedded(single, at) : content(single, at, audio),
  )
}

/** Each part under the record's URI and the part's number as its fragment. */
function singles(block: Block, uri: string): [Single, string][] {
  if (block.kind !== 'parts') return [[block, uri]]
  return block.parts.map((part, at) => [part, `${uri}#${at + 1}`])
}

function content(single: Single, uri: string, audio: boolean): Wire {
  if (single.kind === 'text') return ['{"type":"text","text":', ...single.json, '}']
  const { mimeType, data } = single
  const kind = mimeType.split('/')[0]
  if (kind === 'image' || (kind === 'audio' && audio)) return [JSON.stringify({ type: kind, data, mimeType })]
  return embedded(single, uri)
}

function embedded(single: Single, uri: string): Wire {
  return ['{"type":"resource","resource":', ...resource(single, uri), '}']
}

function resource(single: Single, uri: string): Wire {
  const { mimeType } = single
  if (single.kind === 'binary') return [JSON.stringify({ uri, mimeType, blob: single.data })]
  const head = JSON.stringify({ uri, mimeType }).slice(0, -1)
  return [`${head},"text":`, ...single.json, '}']
}

function list(items: Wire[]): Wire {
  return ['[', ...items.flatMap((item, at) => (at === 0 ? item : [',', ...item])), ']']
}

function typeOf(header = ''): string {
  return header.split(';')[0]!.trim().toLowerCase()
}

/** RFC 6838, 4.2. What else stands there are words of the upstream's. */
const TYPE = /^[\w.+-]{1,64}\/[\w.+-]{1,64}$/
const PAGE = /^(text\/html|application\/xhtml\+xml)$/
const JSON_TYPE = 'application/json'

function renderJson(reply: Reply, facts: Facts): Rendered {
  const embedded = embedJson(reply.body, 2 * facts.limits.maxResponseBytes)
  if (!embedded.ok && embedded.tooLarge) return { ok: false, failure: failures.tooLarge(facts) }
  if (!embedded.ok) return { ok: false, failure: failures.notJson(embedded.fault, facts) }
  const { bytes, claims } = embedded
  return textBlock(JSON_TYPE, ['"', bytes, '"'], claims)
}

function textBlock(mimeType: string, json: Wire, claims?: true): Rendered {
  return { ok: true, block: { kind: 'text', mimeType, json, ...(claims && { claims }) } }
}

/** A page where data was expected is a sign-in or error page; it is handed on only where the document names it. */
function renderText(reply: Reply, type: string, facts: Facts, tool: Tool): Rendered {
  if (PAGE.test(type) && !tool.produces.includes(type)) {
    return { ok: false, failure: failures.mediaType('an HTML page', facts) }
  }
  const charset = /charset="?([\w-]+)/i.exec(reply.header('content-type') ?? '')?.[1]
  const text = decode(reply.body, charset)
  const claim = claimed(text)
  if (claim) return textBlock(JSON_TYPE, ['"', claim, '"'], true)
  return textBlock(TYPE.test(type) ? type : 'text/plain', [JSON.stringify(disowned(reveal(text)))])
}

/** A client is not told the type of a text: one that is an object with our member would be taken for a note of ours. */
function claimed(text: string): Uint8Array | undefined {
  const embedded = text.trimStart().startsWith('{') ? embedJson(new TextEncoder().encode(text)) : undefined
  return embedded?.ok && embedded.claims ? embedded.bytes : undefined
}

/** Among other words it is told from a note by an escape, which leaves a line of JSON the value that it was. */
function disowned(text: string): string {
  return text.replaceAll(`"${OWN}"`, `"\\u005f${OWN.slice(1)}"`)
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
  if (!TYPE.test(mimeType)) return { ok: false, failure: failures.mediaType('no usable media type', facts) }
  const { byteLength } = body
  if (byteLength > maxBinaryBytes)
    return { ok: false, failure: failures.binaryTooLarge(byteLength, maxBinaryBytes, facts) }
  return { ok: true, block: { kind: 'binary', mimeType, data: base64(body) } }
}

/** Each part as an answer of its own; one that cannot be handed on refuses them all, so that nothing goes missing unsaid. */
function renderParts(parts: Part[], facts: Facts, tool: Tool, maxBinaryBytes: number): Rendered {
  if (parts.length === 0)
    return { ok: false, failure: failures.mediaType('parts that are cut short or too many', facts) }
  const blocks: Single[] = []
  for (const { header, body } of parts) {
    // HTTP carries bytes as they are, and so do its parts; another encoding belongs to mail.
    const encoding = header('content-transfer-encoding') ?? 'binary'
    if (!/^(binary|7bit|8bit)$/i.test(encoding))
      return { ok: false, failure: failures.mediaType('a part in the encoding of mail', facts) }
    if (isMultipart(typeOf(header('content-type'))))
      return { ok: false, failure: failures.mediaType('parts within parts', facts) }
    const rendered = render({ status: facts.status ?? 200, header, body }, facts, tool, maxBinaryBytes)
    if (!rendered.ok) return rendered
    blocks.push(rendered.block as Single)
  }
  return { ok: true, block: { kind: 'parts', parts: blocks } }
}

/** `btoa` takes one character a byte; slices keep the argument list of `fromCharCode` short. */
function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.byteLength; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}
