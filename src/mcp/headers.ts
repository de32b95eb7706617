/** The headers of 2026-07-28 that repeat the body, so that proxies can route without reading it; the body decides. */
import { cut, isObject, type Json, type JsonObject, own, text } from '../json.ts'
import { objectOf } from '../tools/check.ts'
import type { Tool } from '../tools/tool.ts'
import { HEADER_MISMATCH, type Refusal, refusal } from './refusal.ts'

/** The member of `params` that `Mcp-Name` repeats. */
const NAMED: Record<string, string> = { 'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri' }

/** `MCP-Protocol-Version` and `Mcp-Method` where they are present (2026-07-28, streamable HTTP). */
export function disagreement(headers: Headers, version: string, method: string): Refusal | undefined {
  const stated = headers.get('mcp-protocol-version')
  if (stated !== null && stated !== version) return mismatch('MCP-Protocol-Version', stated, version)
  const statedMethod = headers.get('mcp-method')
  return statedMethod !== null && statedMethod !== method
    ? mismatch('Mcp-Method', statedMethod, method)
    : undefined
}

/** Required headers that are missing, and `Mcp-Name`. */
export function incompleteness(headers: Headers, method: string, params: JsonObject): Refusal | undefined {
  const member = Object.hasOwn(NAMED, method) ? NAMED[method] : undefined
  const required = ['MCP-Protocol-Version', 'Mcp-Method', ...(member === undefined ? [] : ['Mcp-Name'])]
  const missing = required.find((name) => headers.get(name) === null)
  if (missing !== undefined) return refusal(400, HEADER_MISMATCH, `The ${missing} header is missing`)
  if (member === undefined) return undefined
  const stated = headers.get('mcp-name')!
  const decoded = decode(stated)
  if (decoded === undefined)
    return refusal(400, HEADER_MISMATCH, 'The Mcp-Name header is neither plain ASCII nor valid Base64')
  const value = text(params[member])
  return decoded === value ? undefined : mismatch('Mcp-Name', decoded, value)
}

/**
 * Refuses the first `Mcp-Param-*` header that differs from the argument that it repeats. Where it is `optional`, since the
 * client was not shown the argument's schema, one that is missing is no fault.
 */
export function strayParameter(
  headers: Headers,
  { inputSchema }: Tool,
  given: Json | undefined,
  optional = false,
): Refusal | undefined {
  const args = objectOf(given)
  for (const [argument, schema] of Object.entries(inputSchema.properties)) {
    if (schema['x-mcp-header'] === undefined) continue
    const name = `Mcp-Param-${schema['x-mcp-header']}`
    const stated = headers.get(name)
    const value = (isObject(args) ? own(args, argument) : undefined) ?? undefined
    if (stated === null && (value === undefined || optional)) continue
    if (stated === null) return refusal(400, HEADER_MISMATCH, `The ${name} header is missing`)
    const decoded = decode(stated)
    if (decoded === undefined)
      return refusal(400, HEADER_MISMATCH, `The ${name} header is neither plain ASCII nor valid Base64`)
    if (value === undefined || !isSame(decoded, value))
      return mismatch(name, decoded, value === undefined ? '' : spelled(value))
  }
  return undefined
}

/** What may be repeated is no list or object; one that came all the same may be too deep to be written. */
function spelled(value: Json): string {
  if (typeof value === 'object') return 'a value of several'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Whole numbers by value (`42.0` is 42), all else by text. */
function isSame(stated: string, value: Json): boolean {
  if (typeof value === 'number' && /^-?\d+(\.0+)?$/.test(stated)) return Number(stated) === value
  return typeof value !== 'object' && stated === spelled(value)
}

function mismatch(header: string, stated: string, body = ''): Refusal {
  const shown = (value: string) => JSON.stringify(cut(value, 100))
  return refusal(400, HEADER_MISMATCH, `The ${header} header says ${shown(stated)}, the body ${shown(body)}`)
}

/** `=?base64?…?=` around strict Base64 of UTF-8; a value without both markers stands for itself, if it is visible ASCII. */
function decode(value: string): string | undefined {
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1]
  if (encoded === undefined) return /^[\t\x20-\x7e]*$/.test(value) ? value : undefined
  try {
    if (btoa(atob(encoded)) !== encoded) return undefined
    const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
