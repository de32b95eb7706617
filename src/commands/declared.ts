/** What a declaration makes of its document, told as what becomes of a document alone: a GET that no tool names is skipped. */
import type { Catalog } from '../connector/catalog.ts'
import type { Derived } from '../connector/derive.ts'
import { index, nameOf } from '../connector/known.ts'
import { openDocument } from '../document/document.ts'
import type { JsonObject } from '../json.ts'

/** `document` is the one that `catalog` was compiled from. */
export function declaredOutcome(catalog: Catalog, document: JsonObject): Derived {
  const { operations } = openDocument(document, { server: catalog.server })
  const known = index(operations)
  const named = new Set(catalog.tools.flatMap(({ operation }) => known.get(operation) ?? []))
  const gets = operations.filter(({ method }) => method === 'get')
  return {
    catalog,
    operations: gets.length,
    others: operations.length - gets.length,
    skipped: gets
      .filter((get) => !named.has(get))
      .map((get) => ({ operation: nameOf(get), reason: 'no declared tool names it' })),
    notes: [],
  }
}
