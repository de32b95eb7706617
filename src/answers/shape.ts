/** From an answer that is whole to one that fits: the fields and the format that were asked for, within the budget. */
import type { Block, Single } from '../tools/result.ts'
import { textOf } from '../wire.ts'
import { type Asked, askedOf, isUnchosen } from './asked.ts'
import { pick, wantedOf } from './fields.ts'
import { fitRecord } from './fit-record.ts'
import { fitRows } from './fit-rows.ts'
import { fitTable } from './fit-table.ts'
import { fitLines } from './lines.ts'
import { linkOf } from './link.ts'
import { withoutOwn } from './note.ts'
import { type Rows, rowsOf } from './rows.ts'
import { eachItem } from './spans.ts'
import type { Shaped, ToolCall } from './tool-call.ts'
import { weigh, weightOf } from './weight.ts'

type Text = Single & { kind: 'text' }

/** The answer as it is, where nothing else was asked for and it fits; that is told from its bytes alone. */
export function shape(block: Block, call: ToolCall): Block {
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
function shapeText(block: Text, call: ToolCall): Shaped[] | undefined {
  const { mimeType, json, claims } = block
  const asked = askedOf(call.tool, call.args)
  const isJson = mimeType === 'application/json'
  const isAsAsked = isJson ? asked.plain && !claims : !asked.resumed && !isUnchosen(asked)
  const told = isAsAsked && !isPagedUnseen(call, mimeType)
  if (told && weightOf(json) <= call.budget) return undefined
  const text = unclaimed(block)
  if (!isJson) return fitLines(text, mimeType, asked, call)
  return call.tool.answering?.record ? shapeRecord(text, asked, call) : shapeRows(text, asked, call)
}

function shapeRows(text: string, asked: Asked, call: ToolCall): Shaped[] {
  const rows = rowsOf(text, call.tool)
  const whole = { ...asked, fields: undefined, summary: false }
  if (!rows) return [fitRecord(text, whole, call)]
  const wanted = holds(text, rows, asked) ? asked : whole
  return (asked.table && fitTable(text, rows, wanted, call)) ?? [fitRows(text, rows, wanted, call)]
}

/** False where the rows are a guess, such as the details of an error, and have nothing of what is wanted. */
function holds(text: string, { guessed, start }: Rows, { fields }: Asked): boolean {
  if (!guessed || !fields) return true
  const wanted = wantedOf(fields)
  let found = false
  eachItem(text, start, (from, end) => {
    found = pick(text, { start: from, end }, wanted) !== '{}'
    return !found
  })
  return found
}

/** Its fields first, and then, where it is still too large, a list inside it in parts. */
function shapeRecord(text: string, asked: Asked, call: ToolCall): Shaped[] {
  const found = asked.fields ? pick(text, { start: 0, end: text.length }, wantedOf(asked.fields)) : text
  // What has none of them is no such record, but says perhaps why there is none.
  const [picked, shown] = found === '{}' ? [text, { ...asked, summary: false }] : [found, asked]
  const rows = weigh(picked) > call.budget || asked.skip > 0 ? rowsOf(picked, call.tool) : undefined
  const isMost = rows && 2 * (rows.end - rows.start) > picked.length
  if (!rows || (!isMost && asked.skip === 0)) return [fitRecord(picked, shown, call)]
  return [fitRows(picked, rows, { ...shown, fields: undefined }, call)]
}

/** A model never sees the header, and a table has no place for what JSON says beside its rows. */
function isPagedUnseen({ tool, header }: ToolCall, mimeType: string): boolean {
  const kind = tool.answering?.paging?.kind
  if (kind === 'link') return linkOf(header('link') ?? '') !== undefined
  return mimeType === 'text/csv' && kind !== undefined
}

/** Of several parts each gets its share; none of them has rows that an argument could reach. */
function sharePart(part: Single, count: number, call: ToolCall): Single[] {
  if (part.kind === 'binary' || (weightOf(part.json) <= call.budget / count && !part.claims)) return [part]
  const text = unclaimed(part)
  const asked = { ...askedOf(call.tool, {}), fields: undefined, skip: 0 }
  const alone = {
    ...call,
    budget: Math.floor(call.budget / count),
    tool: { ...call.tool, answering: { asks: {} } },
  }
  const isJson = part.mimeType === 'application/json'
  return (isJson ? [fitRecord(text, asked, alone)] : fitLines(text, part.mimeType, asked, alone)).map(single)
}

/** Nobody but us speaks under our name in it. */
function unclaimed({ json, claims }: Text): string {
  return claims ? withoutOwn(textOf(json)) : textOf(json)
}

function single({ mimeType, text }: Shaped): Single {
  return { kind: 'text', mimeType, json: [JSON.stringify(text)] }
}
