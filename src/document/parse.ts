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
  if (/^\s*<[!?a-z]/i.test(source)) throw refuse(PAGE)
  const isJson = /^\s*\{/.test(source)
  const value = (isJson ? parseJson(source) : undefined) ?? parseYaml(source, isJson, refuse)
  if (!isObject(value)) throw refuse('it is not an object: an OpenAPI document opens with openapi or swagger')
  return value
}

const PAGE =
  'it is a page of HTML or XML, not JSON or YAML: name the document that this page loads, often openapi.json'

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

/** What the YAML reader says of a text that opens as JSON, in words of JSON. */
const JSON_WORDS: Record<string, string> = {
  'missed comma between flow collection entries': 'a comma (or a colon, ] or }) is missing before this',
  "expected the node content, but found ','": 'this comma is one too many, or a value is missing before it',
  'unexpected end of the stream within a flow collection': 'it ends too soon: a } or ] is missing',
  'unexpected end of the stream within a double quoted scalar': 'it ends inside a text: a " is missing',
  'end of the stream or a document separator is expected': 'it goes on after its last }',
  'duplicated mapping key': 'this key is there twice',
  'unknown escape sequence': 'the \\ before this begins no escape that JSON knows',
}

function parseYaml(source: string, isJson: boolean, refuse: (fault: string) => StartError): unknown {
  const value = loaded(source, isJson ? JSON_WORDS : {}, refuse)
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

function loaded(
  source: string,
  words: Record<string, string>,
  refuse: (fault: string) => StartError,
): unknown {
  let text = source
  let first: string | undefined
  for (let indented = 0; ; indented++) {
    try {
      return load(text, { schema: SCHEMA, maxDepth: DEEPEST, maxTotalMergeKeys: MOST_MERGED })
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error
      const { reason, mark } = error
      const fault = placed(error, text, words)
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
function placed({ mark, reason }: YAMLException, text: string, words: Record<string, string>): string {
  const told = words[reason] ?? reason
  if (mark === undefined) return told
  const added = text.startsWith(INDENT, mark.position - mark.column) ? INDENT.length : 0
  return `line ${mark.line + 1}, column ${Math.max(mark.column - added, 0) + 1}: ${told}`
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
