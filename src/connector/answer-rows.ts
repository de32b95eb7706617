/** Where a document says that an answer's rows stand, and what one row is. */
import type { Resolve } from '../document/resolve.ts'
import type { Json } from '../json.ts'
import { type Shape, schemasAt, shapeOf } from './answer-schema.ts'

export interface AnswerRows {
  /** As the answer is framed: a list as root has its rows at `items`. */
  path: string[]
  /** What one row may be; empty where the document leaves it open. */
  row: Json[]
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

/** `none` where the document says that there are none; undefined where it does not say, or not which. */
export function documentedRows(answer: readonly Json[], resolve: Resolve): AnswerRows | 'none' | undefined {
  const { members, items } = shapeOf(answer, resolve)
  if (items.length > 0) return { path: ['items'], row: items }
  if (members.size === 0) return undefined
  const top = lists(members, [], resolve)
  if (top.length > 0) return best(top)
  const below = [...members]
    .slice(0, MOST_LOOKED_AT)
    .flatMap(([name, member]) => lists(shapeOf(member, resolve).members, [name], resolve))
  return below.length > 0 ? best(below) : 'none'
}

/** The rows at a declared path, empty for the root; or what is wrong with it. */
export function rowsAt(
  answer: readonly Json[],
  path: readonly string[],
  resolve: Resolve,
): AnswerRows | string {
  const found = schemasAt(answer, path, resolve)
  if (typeof found === 'string') return found
  const { items } = shapeOf(found, resolve)
  if (found.length > 0 && items.length === 0) return 'is no list in the answer'
  return { path: path.length === 0 ? ['items'] : [...path], row: items }
}

const MOST_LOOKED_AT = 100

/** Lists of objects, or of what is not said. */
function lists(members: Shape['members'], above: string[], resolve: Resolve): AnswerRows[] {
  return [...members].slice(0, MOST_LOOKED_AT).flatMap(([name, member]) => {
    const { items } = shapeOf(member, resolve)
    return items.length > 0 && shapeOf(items, resolve).members.size > 0
      ? [{ path: [...above, name], row: items }]
      : []
  })
}

function best(found: AnswerRows[]): AnswerRows | undefined {
  if (found.length === 1) return found[0]
  const named = NAMES.map((name) => found.find(({ path }) => path.at(-1) === name))
  return named.find((each) => each !== undefined)
}
