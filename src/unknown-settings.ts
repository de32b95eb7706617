/** The settings that an environment holds and nothing reads: most are slips of the pen, some are of a newer version. */
import { settingRows } from './settings.ts'
import { closest } from './tools/closest.ts'
import { visible } from './tools/invisible.ts'

const PREFIX = 'LECTERN_'
const KNOWN = Object.values(settingRows).map(({ variable }) => variable)
const ENDINGS = KNOWN.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length))
/** More than these are counted. */
const MOST = 10
const LONGEST_NAME = 60

/**
 * One line that names them, with the nearest known one, and no value; undefined where there is none. They do not stop a start:
 * an environment that several versions share may hold the names of a newer one. Empty counts as absent. `read` are names that
 * are read for another reason.
 */
export function unknownSettings(
  env: Record<string, string | undefined>,
  read: readonly string[] = [],
): string | undefined {
  const known = new Set([...KNOWN, ...read])
  const unknown = Object.keys(env).filter((name) => name.startsWith(PREFIX) && env[name] && !known.has(name))
  if (unknown.length === 0) return undefined
  const rest = unknown.length > MOST ? ` and ${unknown.length - MOST} more` : ''
  const names = unknown.sort().slice(0, MOST).map(withNearest)
  return `lectern: not known, and not read: ${names.join(', ')}${rest}`
}

/** The prefix that all share would bring any two names near to each other. */
function withNearest(name: string): string {
  const near = closest(name.slice(PREFIX.length), ENDINGS)
  return `${visible(name, LONGEST_NAME)}${near === undefined ? '' : ` (did you mean ${PREFIX}${near}?)`}`
}
