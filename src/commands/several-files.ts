/** A document of several files, of which only the first is read: which reference says so, and what makes one of them. */
import type { Derived } from '../connector/derive.ts'
import { firstOutside } from '../document/outside.ts'
import { StartError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { documentName } from '../node/document.ts'
import { visible } from '../tools/invisible.ts'
import { withoutGets } from './lacking.ts'

const LONGEST_REFERENCE = 100

/** `source` is the document's path, `-` or URL; undefined where all that its GETs need is in it. */
export function severalFiles(document: JsonObject, source: string): string | undefined {
  const ref = firstOutside(document)
  if (ref === undefined) return undefined
  const name = documentName(source)
  // What is pasted into a shell is spelled so that it takes it for a word.
  const file = /^[\w./:@%~][\w./:@%~-]*$/.test(name) ? name : 'openapi.yaml'
  return `it is of several files, and only itself is read: $ref ${visible(ref, LONGEST_REFERENCE)} leads out of it. Bundle it into one file first: npx @redocly/cli bundle ${file} -o bundled.json`
}

/** What `compile` makes; what it throws says in addition that the document is of several files. */
export function withAllFiles<T>(document: JsonObject, source: string, compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    const several = error instanceof StartError ? severalFiles(document, source) : undefined
    if (several === undefined || !(error instanceof StartError)) throw error
    throw new StartError(error.subject, [...error.faults, several])
  }
}

/** Throws StartError where no tool came of the document, with what there is to do about it. */
export function refuseWithoutTools(derived: Derived, document: JsonObject, source: string): void {
  if (derived.catalog.tools.length > 0) return
  const called = documentName(source)
  const why = `lectern compile ${source === '-' ? '-' : called} tells why`
  throw new StartError(`${called} has no GET that could become a tool`, [
    derived.operations === 0 ? withoutGets(derived) : (severalFiles(document, source) ?? why),
  ])
}

/** As a line of a report. */
export function severalFilesLine(document: JsonObject, source: string): string | undefined {
  const several = severalFiles(document, source)
  return several && `Note: ${documentName(source)}: ${several}`
}
