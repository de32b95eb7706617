/** Where a document says that an answer's rows stand, and what their schema is. */

import type { Resolve } from '../document/resolve.ts'
import type { Json } from '../json.ts'
import { itemsOf, membersOf } from './answer-schema.ts'

export interface AnswerRows {
  /** As the answer is framed: an array as root has its rows at `items`. */
  path: string[]
  /** Schema of one row. */
  row: Json
}

/** Of several lists, what is called so holds the rows. */
const NAMES = [
  'items',
  'data',
  'results',
  'rows',
  'records',
  'entries',
  'values',
  'content',
  'list',
  'value',
  'hits',
  'edges',
]

/** `[]` where the document says that there are none; undefined where it does not say. */
export function documentedRows(answer: Json | undefined, resolve: Resolve): AnswerRows | [] | undefined {
  if (answer === undefined) return undefined
  const items = itemsOf(answer, resolve)
  if (items !== undefined) return { path: ['items'], row: items }
  const members = membersOf(answer, resolve)
  if (members.size === 0) return undefined
  const top = candidates([...members], [], resolve)
  if (top.length > 0) return best(top)
  const below = [...members].flatMap(([name, node]) =>
    candidates([...membersOf(node, resolve)], [name], resolve),
  )
  return below.length > 0 ? best(below) : []
}

/** The rows at a declared path, where the document knows it. */
export function rowsAt(answer: Json | undefined, path: string[], resolve: Resolve): AnswerRows | undefined {
  const items = itemsOf(answer, resolve)
  if (items !== undefined) return path.length === 0 ? { path: ['items'], row: items } : undefined
  let node = answer
  for (const name of path) node = membersOf(node, resolve).get(name)
  const row = itemsOf(node, resolve)
  return row === undefined ? undefined : { path, row }
}

/** Lists of objects, or of what is not said. */
function candidates(members: [string, Json][], above: string[], resolve: Resolve): AnswerRows[] {
  return members.slice(0, 100).flatMap(([name, node]) => {
    const row = itemsOf(node, resolve)
    return row !== undefined && membersOf(row, resolve).size > 0 ? [{ path: [...above, name], row }] : []
  })
}

function best(found: AnswerRows[]): AnswerRows | undefined {
  if (found.length === 1) return found[0]
  const named = NAMES.map((name) => found.find(({ path }) => path.at(-1) === name))
  return named.find((each) => each !== undefined)
}
