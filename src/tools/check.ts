/** A call's arguments against the tool's schema: nothing unknown, nothing missing, defaults filled in. */
import { cut, isObject, type Json, own } from '../json.ts'
import { closest } from './closest.ts'
import { reveal } from './invisible.ts'
import { type Arguments, type Offer, schemaOf } from './tool.ts'
import { isBounded, MOST_PROBLEMS, readValue } from './value.ts'

export type Checked = { ok: true; args: Arguments } | { ok: false; problem: string }

/**
 * Checks `given` (the call's `arguments`, absent counts as `{}`; the JSON text of an object is read as one). `called` is the
 * tool's name as the caller knows it.
 */
export function checkArguments(tool: Offer, given: Json | undefined, called = tool.name): Checked {
  const object = objectOf(given)
  if (!isObject(object)) return refuse(called, ['the arguments must be one JSON object'])
  if (!isBounded(object)) return refuse(called, ['the arguments are too deep or too many'])
  const { properties, required = [] } = tool.inputSchema
  const problems: string[] = []
  const args: [string, Json][] = []
  for (const [name, value] of Object.entries(object)) {
    if (problems.length >= MOST_PROBLEMS) break
    const schema = schemaOf(tool, name)
    if (!schema) {
      problems.push(unknown(name, value, Object.keys(properties)))
    } else if (value !== null) {
      const read = readValue(schema, value, name)
      if (read.problems) problems.push(...read.problems)
      else args.push([name, read.value])
    }
  }
  const checked = Object.fromEntries(args)
  for (const [name, schema] of Object.entries(properties)) {
    if (own(checked, name) !== undefined || own(object, name) != null) continue
    const preset = own(tool.defaults, name)
    if (preset !== undefined) checked[name] = preset
    else if (required.includes(name))
      problems.push(`${name} is required${schema.description === undefined ? '' : `. ${schema.description}`}`)
  }
  return problems.length > 0 ? refuse(called, problems) : { ok: true, args: checked }
}

/** The arguments as one value: absent is none, and the JSON text of an object is that object. */
export function objectOf(given: Json | undefined): Json {
  return given === undefined || given === null ? {} : typeof given === 'string' ? parsed(given) : given
}

function parsed(given: string): Json {
  try {
    return JSON.parse(given) as Json
  } catch {
    return given
  }
}

function unknown(name: string, value: Json, names: string[]): string {
  const near = memberNames(name, value, names) ?? closest(name, names)
  const shown = JSON.stringify(cut(name, 64))
  if (names.length === 0) return `${shown} is unknown: this tool takes no arguments`
  return near === undefined
    ? `${shown} is unknown; known ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`
    : `${shown} is unknown; did you mean ${near}?`
}

/** `filter_state` for `filter: {state: …}`: a document's `filter[state]` is one argument, and not a member of another. */
function memberNames(name: string, value: Json, names: string[]): string | undefined {
  const members = isObject(value) ? Object.keys(value).slice(0, MOST_PROBLEMS) : []
  const found = members.flatMap((member) => names.find((each) => each === `${name}_${member}`) ?? [])
  return found.length === 0 ? undefined : found.join(' and ')
}

function refuse(called: string, problems: string[]): Checked {
  const told = reveal(problems.slice(0, MOST_PROBLEMS).join('\n'))
  return { ok: false, problem: `${called} was not called. ${told}` }
}
