/** From an answer that is whole to one that fits: the fields and the format that were asked for, within the budget. */
import type { Block, Single } from '../tools/result.ts'
import { byteLength, toBytes, type Wire } from '../wire.ts'
import { type Asked, askedOf } from './asked.ts'
import type { Call, Shaped } from './call.ts'
import { pick, wantedOf } from './fields.ts'
import { fitRecord } from './fit-record.ts'
import { fitRows } from './fit-rows.ts'
import { fitTable } from './fit-table.ts'
import { fitLines } from './lines.ts'
import { linkOf } from './paging.ts'
import { rowsOf } from './rows.ts'

/** The answer as it is, where nothing else was asked for and it fits; that is told from its bytes alone. */
export function shape(block: Block, call: Call): Block {
  if (!call.tool.answering) return block
  if (block.kind === 'parts')
    return { kind: 'parts', parts: block.parts.flatMap((part) => sharePart(part, block.parts.length, call)) }
  if (block.kind === 'binary') return block
  const shaped = shapeText(block, call)
  if (!shaped) return block
  const [first, ...more] = shaped.map(single)
  return more.length === 0 ? first! : { kind: 'parts', parts: [first!, ...more] }
}

/** Undefined where the text is handed on as it is. */
function shapeText({ mimeType, json }: Single & { kind: 'text' }, call: Call): Shaped[] | undefined {
  const asked = askedOf(call.tool, call.args)
  const isJson = mimeType === 'application/json'
  const fits = byteLength(json) <= call.budget
  const told = isJson ? asked.plain && !pagedByHeader(call) : asked.skip === 0
  if (fits && told) return undefined
  const text = textOf(json)
  if (text.length <= call.budget && told) return undefined
  if (!isJson) return fitLines(text, mimeType, asked, call)
  return call.tool.answering?.record ? shapeRecord(text, asked, call) : shapeRows(text, asked, call)
}

function shapeRows(text: string, asked: Asked, call: Call): Shaped[] {
  const rows = rowsOf(text, call.tool)
  if (!rows) return [fitRecord(text, { ...asked, fields: undefined, summary: false }, call)]
  return (asked.table && fitTable(text, rows, asked, call)) ?? [fitRows(text, rows, asked, call)]
}

/** Its fields first, and then, where it is still too large, a list inside it in parts. */
function shapeRecord(text: string, asked: Asked, call: Call): Shaped[] {
  const picked = asked.fields ? pick(text, { start: 0, end: text.length }, wantedOf(asked.fields)) : text
  const whole = { ...asked, fields: undefined }
  const rows = asked.skip > 0 || picked.length > call.budget ? rowsOf(picked, call.tool) : undefined
  return [rows ? fitRows(picked, rows, whole, call) : fitRecord(picked, asked, call)]
}

/** A model never sees the header. */
function pagedByHeader({ tool, header }: Call): boolean {
  return tool.answering?.paging?.kind === 'link' && linkOf(header('link') ?? '') !== undefined
}

/** Of several parts each gets its share; none of them has rows that an argument could reach. */
function sharePart(part: Single, count: number, call: Call): Single[] {
  if (part.kind === 'binary' || byteLength(part.json) <= call.budget / count) return [part]
  const text = textOf(part.json)
  const asked = { ...askedOf(call.tool, {}), fields: undefined, skip: 0 }
  const alone = {
    ...call,
    budget: Math.floor(call.budget / count),
    tool: { ...call.tool, answering: { asks: {} } },
  }
  const isJson = part.mimeType === 'application/json'
  return (isJson ? [fitRecord(text, asked, alone)] : fitLines(text, part.mimeType, asked, alone)).map(single)
}

/** What a JSON string that is already written stands for. */
function textOf(json: Wire): string {
  return JSON.parse(new TextDecoder().decode(toBytes(json))) as string
}

function single({ mimeType, text }: Shaped): Single {
  return { kind: 'text', mimeType, json: [JSON.stringify(text)] }
}
