/** Faults of a declaration's shape in plain words: the member by its path, what it must be, and the nearest that there is. */
import type { z } from 'zod'
import { cut } from '../json.ts'
import { closest } from '../tools/closest.ts'

type Given = z.core.$ZodRawIssue

/** What the checker expects, by its own names. */
const NOUNS: Record<string, string> = {
  string: 'a text',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
}

/** Words that continue the path; undefined leaves it to the checker's own. A line for each unknown member. */
export function shapeWords(issue: Given): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${NOUNS[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return oneOf(issue.values.map(String), issue.input)
    case 'invalid_union':
      return issue.discriminator === undefined ? 'is no JSON value' : choice(issue)
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknown(key, membersOf(issue))).join('\n')
    case 'too_small':
      return issue.origin === 'array'
        ? 'must not be empty'
        : `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
    case 'too_big':
      return `must be at most ${issue.maximum}`
    case 'invalid_key':
      return issue.issues[0]?.message
    default:
      return undefined
  }
}

/** By its path, as a person would name it. */
export function shapeFault({ code, path, message }: z.core.$ZodIssue): string[] {
  const at = path.join('.')
  if (code !== 'unrecognized_keys') return [`${at || 'the declaration'} ${message}`]
  return message.split('\n').map((line) => (at === '' ? line : `${at}.${line}`))
}

function choice({ discriminator, options = [], input }: Given & { code: 'invalid_union' }): string {
  const given = (input as Record<string, unknown>)[discriminator!]
  return given === undefined ? 'is missing' : oneOf((options as unknown[]).map(String), given)
}

function oneOf(values: string[], given: unknown): string {
  const near = typeof given === 'string' ? closest(given, values) : undefined
  const shown = cut(JSON.stringify(given) ?? String(given), 64)
  return `must be one of ${values.join(', ')}, not ${shown}${near === undefined ? '' : `; did you mean ${near}?`}`
}

function unknown(key: string, members: string[]): string {
  const near = closest(key, members)
  const known = near === undefined ? `known are ${members.join(', ')}` : `did you mean ${near}?`
  return `${cut(key, 64)} is unknown; ${known}`
}

function membersOf({ inst }: Given): string[] {
  return Object.keys((inst as z.ZodObject | undefined)?.def.shape ?? {})
}
