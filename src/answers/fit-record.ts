/** One record that fits: the fields that were asked for, the largest of them cut first. */
import { own } from '../json.ts'
import { type Asked, givenOf, SUMMARY } from './asked.ts'
import { annotated, noteText } from './note.ts'
import { cutValue } from './record.ts'
import type { Shaped, ToolCall } from './tool-call.ts'
import { weigh } from './weight.ts'

/** `picked` holds the fields that were asked for, and nothing else. */
export function fitRecord(picked: string, asked: Asked, call: ToolCall): Shaped {
  const { budget } = call
  const fields = asked.summary ? SUMMARY : undefined
  const format = asked.table && 'json, since there are no rows'
  let result = annotated(picked, noteText({ fields, format }, {}, budget))
  for (let room = budget - 200; weigh(result) > budget; ) {
    const cut = cutValue(picked, { start: 0, end: picked.length }, Math.max(room, 2))
    const next = rest(cut.cuts, asked, call)
    result = annotated(cut.text, noteText({ fields, format, cut: cut.cuts, next }, next?.arguments, budget))
    if (room <= 2) break
    room -= Math.max(Math.floor((weigh(result) - budget) / 3), Math.ceil(budget / STEPS))
  }
  return { mimeType: 'application/json', text: result }
}

/** Each try cuts this part of the budget at least: what is cut is told, and that takes room too. */
export const STEPS = 40

/** Another call that asks for nothing but what was cut here. */
function rest(cuts: string[], { fields }: Asked, { tool, args, again }: ToolCall) {
  const argument = tool.answering?.asks.fields
  const options = argument === undefined ? undefined : own(tool.inputSchema.properties, argument)?.items?.enum
  const names = cuts.map((cut) => cut.split(/[.:]/)[0]!)
  const known = [...new Set(names)].filter((each) => options?.includes(each))
  const isSame = known.length === 0 || fields?.every((each) => known.includes(each))
  if (argument === undefined || isSame) return undefined
  return again({ ...givenOf(tool, args), [argument]: known })
}
