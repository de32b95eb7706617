/** What an upstream answered, as results of a search or as one document: ids, titles and addresses, digits as they were written. */
import type { Knowledge } from '../connector/catalog.ts'
import type { Json } from '../json.ts'
import { fillTitle, fillUrl, type Read } from '../tools/citation.ts'
import { exactJson, textAt, valueAt } from '../tools/exact.ts'
import { reveal, visible } from '../tools/invisible.ts'
import type { Block } from '../tools/result.ts'
import { toBytes } from '../wire.ts'

/** Longest id of a row, and longest value of metadata, in characters. */
const LONGEST_ID = 200
const LONGEST_VALUE = 100

/** The JSON of a rendered answer; undefined where that is of another kind. */
export function jsonOf(block: Block): string | undefined {
  if (block.kind !== 'text' || block.mimeType !== 'application/json') return undefined
  return JSON.parse(new TextDecoder().decode(toBytes(block.json))) as string
}

/** At most as many as the source allows; undefined where the answer has no list in its place. */
export function results(source: Knowledge, json: string): object | undefined {
  const rows = valueAt(exactJson(json), source.rows)
  if (!Array.isArray(rows)) return undefined
  return { results: rows.slice(0, source.results).flatMap((row) => result(source, row)) }
}

/** Nothing for a row that could not be fetched again: one without an id, or whose id a person would not see whole. */
function result(source: Knowledge, row: Json): object[] {
  const id = textAt(row, source.idField) ?? ''
  if (id === '' || id.length > LONGEST_ID || reveal(id) !== id) return []
  return [{ id: `${source.namespace}:${id}`, ...cited(source, row, id) }]
}

/** `shown` is the answer within its budget, which may say more than the record. */
export function document(source: Knowledge, id: string, json: string, shown: string): object | undefined {
  const record = valueAt(exactJson(json), source.record)
  if (record === undefined) return undefined
  const { title, url } = cited(source, record, id)
  return { id: `${source.namespace}:${id}`, title, text: shown, url, metadata: metadataOf(source, record) }
}

function cited({ namespace, label, url }: Knowledge, record: Json, id: string) {
  const read: Read = (name) => (name === 'id' ? id : textAt(record, name))
  return {
    title: fillTitle(label, read) || visible(`${namespace} ${id}`, LONGEST_ID),
    url: fillUrl(url, read),
  }
}

function metadataOf({ namespace, updated, date }: Knowledge, record: Json): Record<string, string> {
  const told = Object.entries({ updated, date }).flatMap(([name, path]) => {
    const value = path === undefined ? '' : visible(textAt(record, path) ?? '', LONGEST_VALUE)
    return value === '' ? [] : [[name, value]]
  })
  return { namespace, ...Object.fromEntries(told) }
}
