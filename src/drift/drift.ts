/** What a newer document changes for each tool of a declaration, compared operation by operation with the one that is served. */
import type { Declaration } from '../connector/declaration.ts'
import { openDocument } from '../document/document.ts'
import { DocumentError } from '../document/resolve.ts'
import { breaking, type Change } from './change.ts'
import { type OperationShape, spelled, type ToolOperation, toolOperations, whereabouts } from './operation.ts'
import { compareOperations } from './operations.ts'

export interface Drift extends Change {
  /** Absent where it is of the whole connector. */
  tool?: string
  operation?: string
}

/** Both are OpenAPI documents as parsed JSON; the declaration has its shape. Empty where no tool is touched. */
export function drift(declaration: Declaration, before: unknown, after: unknown): Drift[] {
  try {
    const [old, next] = [before, after].map((document) => openDocument(document, whereabouts(declaration)))
    const now = new Map(toolOperations(declaration, next!).map((each) => [each.tool, each]))
    const server =
      declaration.server === undefined && old!.server !== next!.server
        ? [breaking(`the base URL was ${old!.server ?? 'not told'} and is ${next!.server ?? 'not told'}`)]
        : []
    return [
      ...server,
      ...toolOperations(declaration, old!).flatMap((each) =>
        toolDrift(each, now.get(each.tool)!, declaration),
      ),
    ]
  } catch (error) {
    if (error instanceof DocumentError) return [breaking(`the document cannot be read: ${error.message}`)]
    if (error instanceof RangeError) return [breaking('the document is nested too deeply')]
    throw error
  }
}

function toolDrift(
  { tool, operation, shape: old }: ToolOperation,
  { shape: next }: ToolOperation,
  declaration: Declaration,
): Drift[] {
  return changesOf(old, next, filledBy(declaration, tool)).map((change) => ({ tool, operation, ...change }))
}

function changesOf(
  old: OperationShape | string,
  next: OperationShape | string,
  filled: ReadonlySet<string>,
): Change[] {
  if (typeof next === 'string') return typeof old === 'string' ? [] : [breaking(next)]
  if (typeof old === 'string') return [{ level: 'additive', told: `it can be read now: ${old}, before` }]
  const changes = compareOperations(old, next, filled)
  if (changes.length > 0) return changes
  const [before, now] = [spelled(old), spelled(next)]
  // What no rule tells apart is not let through as nothing.
  if (before.shape !== now.shape) return [breaking('it changed in a way that no rule tells apart')]
  return before.words === now.words ? [] : [{ level: 'words', told: 'its words changed' }]
}

/** Parameters that the namespace's defaults send unasked. */
function filledBy({ namespaces }: Declaration, tool: string): ReadonlySet<string> {
  const namespace = tool.slice(0, tool.indexOf('.'))
  return new Set(Object.keys(namespaces[namespace]?.defaults ?? {}))
}
