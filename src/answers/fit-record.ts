/** One record that fits: the fields that were asked for, the largest of them cut first. */
import { own } from '../json.ts'
import { type Asked, givenOf, SUMMARY } from './asked.ts'
import { annotated, noteText } from './note.ts'
import { cutUntil, cutValue } from './record.ts'
import type { Shaped, ToolCall } from './tool-call.ts'
import { weigh } from './weight.ts'

/** `picked` holds the fields that were asked for, and nothing else. */
export function fitRecord(picked: string, asked: Asked, call: ToolCall): Shaped {
  const { budget } = call
  const fields = asked.summary ? SUMMARY : undefined
  const format = asked.table && 'json, since there are no rows'
  const whole = annotated(picked, noteText({ fields, format }, {}, budget))
  const cut = () =>
    cutUntil(budget, budget - 200, (most) => {
      const { text, cuts } = cutValue(picked, { start: 0, end: picked.length }, most)
      const next = rest(cuts, asked, call)
      return annotated(text, noteText({ fields, format, cut: cuts, next }, next?.arguments, budget))
    })
  return { mimeType: 'application/json', text: weigh(whole) <= budget ? whole : cut() }
}

/** Another call that asks for nothing but what was cut here. */
function rest(cuts: string[], { fields }: Asked, { tool, args, again }: ToolCall) {
  const argument = tool.answering?.asks.fields
  const options = argument === undefined ? undefined : own(tool.inputSchema.properties, argument)?.items?.enum
  const names = cuts.map((cut) => cut.split(/[.:]/)[0]!)
  const known = [...new Set(names)].filter((each) => options?.includes(each))
  // Where nothing else was asked for, the largest of them had all the room that there is.
  const isSame = fields?.every((each) => known.includes(each))
  const left = isSame ? known.slice(1) : known
  if (argument === undefined || left.length === 0) return undefined
  return again({ ...givenOf(tool, args), [argument]: left })
}
