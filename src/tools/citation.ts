/** How a record is named and where a person opens it: templates over its members, filled in with what an upstream wrote. */
import { visible } from './invisible.ts'
import { expand, variablesOf } from './uri-template.ts'

/** Longest title, in characters, and address, in UTF-16 units. */
const LONGEST_TITLE = 200
const LONGEST_URL = 2000

/** What stands for a variable, or undefined where the record has no such text. */
export type Read = (variable: string) => string | undefined

/** One line, or '' where the record has none of what the template names. */
export function fillTitle(template: string, read: Read): string {
  const names = variablesOf(template)
  const values = names.map((name) => [name, visible(read(name) ?? '', LONGEST_TITLE)] as const)
  if (values.every(([, value]) => value === '')) return ''
  const known = new Map(values)
  return visible(
    template.replace(/\{([\w.-]+)\}/g, (_, name: string) => known.get(name)!),
    LONGEST_TITLE,
  )
}

/** '' where a value is missing or would lead elsewhere: what is not citable must be no citation. */
export function fillUrl(template: string, read: Read): string {
  const values = variablesOf(template).map((name) => [name, read(name) ?? ''] as const)
  if (values.some(([, value]) => value === '')) return ''
  const url = expand(template, Object.fromEntries(values))
  // A segment of dots would be folded away, and the address would be another.
  return url.length <= LONGEST_URL && isCanonical(url) ? url : ''
}

/** Why a template of a title cannot be one, in words that continue its name; or undefined. */
export function titleFault(template: string): string | undefined {
  if (hasStrayBrace(template)) return STRAY
  return variablesOf(template).length === 0 ? 'names no member of the record, such as {name}' : undefined
}

/** The same of an address: https, of one origin, and what varies stands in its path or query alone. */
export function urlFault(template: string): string | undefined {
  if (hasStrayBrace(template)) return STRAY
  if (!/^https:\/\/[^/{}?#@\s]+\//.test(template))
    return 'must begin with https://, a host without user or variable, and a slash'
  if (template.includes('#')) return 'must not have a fragment'
  if (!isCanonical(template.replace(VARIABLE, 'x'))) return 'is not spelled as a URL is sent'
  return variablesOf(template).length === 0 ? 'names no member of the record, such as {id}' : undefined
}

const STRAY = 'holds a brace that is no {member}'
const VARIABLE = /\{[\w.-]+\}/g

function hasStrayBrace(template: string): boolean {
  return /[{}]/.test(template.replace(VARIABLE, ''))
}

function isCanonical(url: string): boolean {
  return URL.canParse(url) && new URL(url).href === url
}
