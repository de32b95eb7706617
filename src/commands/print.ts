/** What commands print on the standard output, and how their reports count, group and fold. */

import { reveal } from '../tools/invisible.ts'

/** All of it, however slowly it is read; a reader that leaves early, as `head` does, is no fault. */
export function print(text: string): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  process.stdout.write(`${text}\n`)
}

/** For a program, and for whoever looks at it in a terminal, which obeys some characters that JSON leaves as they are. */
export function printJson(value: object): void {
  print(reveal(JSON.stringify(value)))
}

/** `1 tool`, `2 tools`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** By key, each in the order in which its first item came. */
export function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}

/** At most `most` lines, the last of which says how many more there are, and `where`. */
export function fold(lines: string[], most: number, where = ' (--json has all)'): string[] {
  if (lines.length <= most) return lines
  const indent = /^ */.exec(lines[0]!)![0]
  return [...lines.slice(0, most - 1), `${indent}… and ${lines.length - most + 1} more${where}`]
}

/** `2026-06-18 09:15 UTC` */
export function date(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}

/** This moment in ISO 8601, to the second. */
export function isoNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`
}
