/** The text of an OpenAPI document, JSON or YAML 1.2, as plain JSON; what is wrong with it is told by line and column. */
import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml'
import { StartError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'

/** Nesting of a document; nothing that describes an API comes near it. */
const DEEPEST = 256
/** Values of a YAML document with its aliases written out; the largest public documents have about two million. */
const MOST_VALUES = 10_000_000
/** Members that merge keys write out, all together: ten times what the parser allows unasked. */
const MOST_MERGED = 100_000

/** `name` is what messages call the document, such as its file. Throws StartError. */
export function parseDocument(text: string, name = 'The document'): JsonObject {
  const source = text.replace(/^\uFEFF/, '')
  const refuse = (fault: string) => new StartError(`${name} cannot be read`, [fault])
  if (source.trim() === '') throw refuse('it is empty')
  if (/^\s*<[!?a-z]/i.test(source)) throw refuse('it is a page of HTML or XML, not JSON or YAML')
  const value = /^\s*\{/.test(source)
    ? (parseJson(source) ?? parseYaml(source, refuse))
    : parseYaml(source, refuse)
  if (!isObject(value)) throw refuse('it is not an object: an OpenAPI document opens with openapi or swagger')
  return value
}

/** Undefined for what is not JSON: YAML then takes trailing commas and comments, or says where it breaks. */
function parseJson(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return undefined
  }
}

/** The core schema reads dates as text; merge keys are of YAML 1.1, and documents that share by anchors use them. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag)

function parseYaml(source: string, refuse: (fault: string) => StartError): unknown {
  const value = loaded(source, refuse)
  if (isBounded(value)) return value
  throw refuse(`its aliases unfold to more than ${MOST_VALUES} values`)
}

/** Many documents close a brace at the column of its key, which most parsers take and this one does not. */
const OUTDENTED = 'deficient indentation'
/** Inside brackets and quotes indentation is nothing but that, so any that suffices will do. */
const INDENT = ' '.repeat(200)
/** Lines that are indented anew; public documents have nine at the most. */
const MOST_INDENTED = 100
/** Characters that all readings of a text may come to, which take a few seconds. */
const MOST_READ = 50_000_000

function loaded(source: string, refuse: (fault: string) => StartError): unknown {
  let text = source
  let first: string | undefined
  for (let indented = 0; ; indented++) {
    try {
      return load(text, { schema: SCHEMA, maxDepth: DEEPEST, maxTotalMergeKeys: MOST_MERGED })
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error
      const { reason, mark } = error
      const fault = placed(error, text)
      first ??= fault
      // A quote or bracket that nothing closes takes in all that follows; where that began is what its owner looks for.
      if (/^unexpected end/.test(reason)) throw refuse(first)
      if (reason !== OUTDENTED || mark === undefined) throw refuse(fault)
      if (indented === MOST_INDENTED || (indented + 1) * text.length > MOST_READ) throw refuse(first)
      const line = mark.position - mark.column
      text = text.slice(0, line) + INDENT + text.slice(line)
    }
  }
}

/** Where it stands in the text as it was given. */
function placed({ mark, reason }: YAMLException, text: string): string {
  if (mark === undefined) return reason
  const added = text.startsWith(INDENT, mark.position - mark.column) ? INDENT.length : 0
  return `line ${mark.line + 1}, column ${Math.max(mark.column - added, 0) + 1}: ${reason}`
}

/** Characters of a text that count as a value. */
const TEXT_VALUE = 32

/** An alias puts one value in many places; a few lines of them can stand for more than any memory holds. */
function isBounded(root: unknown): boolean {
  const waiting = [root]
  for (let seen = 0; waiting.length > 0; seen++) {
    if (seen > MOST_VALUES || waiting.length > MOST_VALUES) return false
    const value = waiting.pop()
    if (typeof value === 'string') seen += value.length / TEXT_VALUE
    if (typeof value === 'object' && value !== null)
      for (const member of Object.values(value)) waiting.push(member)
  }
  return true
}
