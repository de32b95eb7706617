/** Answers as a client reads them: the texts of a content, and what a body becomes for a call. */

import { shape } from '../src/answers/shape.ts'
import type { ToolCall } from '../src/answers/tool-call.ts'
import type { Answering } from '../src/tools/answering.ts'
import { embedJson } from '../src/tools/embed.ts'
import { type Block, toContent } from '../src/tools/result.ts'
import type { Tool } from '../src/tools/tool.ts'
import { toBytes } from '../src/wire.ts'

export function textsOf(block: Block): string[] {
  const written = new TextDecoder().decode(toBytes(toContent(block, 'test://answer', true)))
  return (JSON.parse(written) as { text: string }[]).map(({ text }) => text)
}

/** A tool of no interest but for how it answers. */
export function answeringTool(answering: Answering, more: Partial<Tool> = {}): Tool {
  return {
    name: 'things.list', namespace: 'things', title: 'Things', description: '', scopes: [], operation: 'x', path: '/things',
    inputSchema: { type: 'object', properties: {} }, parameters: [], defaults: {}, accept: '*/*', produces: [], answering, ...more,
  } // biome-ignore format: a tool of no interest
}

export function jsonBlock(body: string): Block & { kind: 'text' } {
  const embedded = embedJson(new TextEncoder().encode(body))
  if (!embedded.ok) throw new Error(embedded.fault)
  const { bytes, claims } = embedded
  return {
    kind: 'text',
    mimeType: 'application/json',
    json: ['"', bytes, '"'],
    ...(claims && { claims }),
  }
}

export function textBlock(text: string, mimeType: string): Block {
  return { kind: 'text', mimeType, json: [JSON.stringify(text)] }
}

export interface Asking extends Partial<Omit<ToolCall, 'tool' | 'header'>> {
  answering?: Answering
  tool?: Partial<Tool>
  headers?: Record<string, string>
}

export function callOf({ answering = LIST, tool, headers = {}, ...more }: Asking = {}): ToolCall {
  return {
    tool: answeringTool(answering, tool),
    args: {},
    again: (args) => ({ tool: 'things_list', arguments: args }),
    budget: 1000,
    target: '/things',
    header: (name) => headers[name],
    ...more,
  }
}

/** What a model sees of `body`, JSON unless it is a block. */
export function answered(body: string | Block, asking: Asking = {}): string[] {
  return textsOf(shape(typeof body === 'string' ? jsonBlock(body) : body, callOf(asking)))
}

export const LIST: Answering = {
  rows: ['items'],
  asks: { fields: 'fields', format: 'format', skip: 'skip' },
}
export const RECORD: Answering = { rows: [], record: true, asks: { fields: 'fields' } }

/** Bytes of UTF-8 between the quotes of a JSON string, as JSON itself writes one. */
export function weightOf(texts: string | readonly string[]): number {
  return [texts].flat().reduce((sum, text) => sum + Buffer.byteLength(JSON.stringify(text)) - 2, 0)
}
