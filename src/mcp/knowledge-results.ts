/** What an upstream answered, as results of a search or as one document: ids, titles and addresses, digits as they were written. */
import { eachItem, find, isArrayAt, pathOf, type Span, wordsAt } from '../answers/spans.ts'
import { weigh } from '../answers/weight.ts'
import type { Knowledge } from '../connector/catalog.ts'
import { fillTitle, fillUrl, type Read } from '../tools/citation.ts'
import { reveal, visible } from '../tools/invisible.ts'
import type { Block } from '../tools/result.ts'
import { textOf } from '../wire.ts'

/** Longest id of a row, and longest value of metadata, in characters. */
const LONGEST_ID = 200
const LONGEST_VALUE = 100

/** The JSON of a rendered answer; undefined where that is of another kind. */
export function jsonOf(block: Block): string | undefined {
  if (block.kind !== 'text' || block.mimeType !== 'application/json') return undefined
  return textOf(block.json)
}

/** As many as the source allows and `room` characters hold, for their shape has no place to say more; undefined where the answer has no list in its place. */
export function results(source: Knowledge, json: string, room: number): object | undefined {
  const rows = find(json, pathOf(source.rows))
  if (!rows || !isArrayAt(json, rows)) return undefined
  const found: object[] = []
  let left = source.results
  let free = room - weigh('{"results":[]}')
  eachItem(json, rows.start, (start, end) => {
    const [told] = result(source, { json, at: { start, end } })
    if (!told) return --left > 0
    const weight = (each: object) => weigh(JSON.stringify(each)) + 1
    // None at all would say that nothing was found.
    const forms = found.length === 0 ? [told, { ...told, url: '' }] : [told]
    const fitting = forms.find((each) => weight(each) <= free)
    if (!fitting) return false
    free -= weight(fitting)
    found.push(fitting)
    return --left > 0
  })
  return { results: found }
}

/** A row or record, and the text in which it stands. */
interface Place {
  json: string
  at: Span
}

/** Nothing for a row that could not be fetched again: one without an id, or whose id a person would not see whole. */
function result(source: Knowledge, row: Place): object[] {
  const id = textAt(row, source.idField) ?? ''
  if (id === '' || id.length > LONGEST_ID || reveal(id) !== id || !id.isWellFormed()) return []
  return [{ id: `${source.namespace}:${id}`, ...cited(source, row, id) }]
}

/** `shown` is the answer within its budget, which may say more than the record. */
export function document(
  source: Knowledge,
  id: string,
  json: string,
  shown: () => string,
): object | undefined {
  const at = find(json, pathOf(source.record))
  if (!at) return undefined
  const record = { json, at }
  const { title, url } = cited(source, record, id)
  return { id: `${source.namespace}:${id}`, title, text: shown(), url, metadata: metadataOf(source, record) }
}

function cited({ namespace, label, url }: Knowledge, record: Place, id: string) {
  const read: Read = (name) => (name === 'id' ? id : textAt(record, name))
  return {
    title: fillTitle(label, read) || visible(`${namespace} ${id}`, LONGEST_ID),
    url: fillUrl(url, read),
  }
}

function metadataOf({ namespace, updated, date }: Knowledge, record: Place): Record<string, string> {
  const told = Object.entries({ updated, date }).flatMap(([name, path]) => {
    const value = path === undefined ? '' : visible(textAt(record, path) ?? '', LONGEST_VALUE)
    return value === '' ? [] : [[name, value]]
  })
  return { namespace, ...Object.fromEntries(told) }
}

function textAt({ json, at }: Place, path: string): string | undefined {
  const found = find(json, pathOf(path), at)
  return found && wordsAt(json, found)
}
